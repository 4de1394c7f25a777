import { spawnSync } from 'node:child_process'

/** A namespace without any network, not even this machine's own; of a user that is nobody outside it, so that it takes no rights to make. */
const options = ['--user', '--net', '--']

let known: readonly string[] | undefined

/**
 * What a program is started through so that it reaches no network: an address in a crafted file leads nowhere, and code that got in can't
 * tell anybody. Nothing where the system doesn't let us: not on Linux, or in a container or under a policy that forbids namespaces.
 */
export function apart(): readonly string[] {
  return known ??= process.platform === 'linux' && spawnSync('unshare', [...options, 'true'], { stdio: 'ignore', timeout: 5_000 }).status === 0 ? ['unshare', ...options] : []
}
