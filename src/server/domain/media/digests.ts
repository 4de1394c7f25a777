import { createHash } from 'node:crypto'

/** By what the bytes of a file are known again. SHA-256 is what we trust; lists of known files are kept by MD5 and SHA-1 too, and nothing is trusted because of them. */
export type Digests = { sha256: Buffer; md5: Buffer; sha1: Buffer }

/** Counts these while a file's bytes pass. `done` ends it. */
export function openDigests<Name extends keyof Digests>(...names: Name[]): { update(chunk: Buffer): void; done(): Pick<Digests, Name> } {
  const hashes = names.map((name) => [name, createHash(name)] as const)
  return {
    update(chunk) { for (const [, hash] of hashes) hash.update(chunk) },
    done: () => Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest()])) as Pick<Digests, Name>,
  }
}
