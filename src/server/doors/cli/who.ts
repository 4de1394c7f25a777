import type { App } from '#server/app.ts'
import { findAccountByUsername } from '#server/domain/accounts/index.ts'
import type { Account, Role } from '#server/domain/accounts/index.ts'
import type { Option } from './command.ts'
import { UsageError } from './command.ts'
import type { Ask } from './command.ts'

/** Whoever has a shell on the machine stands above the roles; in the audit log their acts are those of 'command'. */
export const operator: Account = {
  id: '0' as Account['id'], username: '', displayName: '', role: 'owner', state: 'active', locale: 'en', locked: false,
  defaultAudience: 'members', defaultLanguage: null, preferences: {}, createdAt: new Date(0),
}

const roles = ['member', 'moderator', 'admin', 'owner'] as const

/** The option that names an account, beside its place as a word. */
export const username: Record<string, Option> = { username: { type: 'string', value: 'USERNAME', help: 'the account, instead of as a word' } }

/** The account that was asked for, as `--username U` or as the first word; `rest` is what follows. */
export function named(ask: Ask): { name: string; rest: string[] } {
  const option = ask.text('username')
  const [name, ...rest] = option === undefined ? ask.places : [option, ...ask.places]
  if (!name) throw new UsageError('Which account? Give its username.')
  return { name: name.replace(/^@/, ''), rest }
}

/** Throws when there is no such account. */
export async function accountNamed(app: App, name: string): Promise<Account> {
  const account = /\0/.test(name) || name.length > 200 ? null : await findAccountByUsername(app, name.toWellFormed())
  if (!account) throw new Error(`There is no account '${name}' here.`)
  return account
}

/** Reads a role. Throws a usage error for anything else. */
export function readRole(text: string): Role {
  const role = roles.find((one) => one === text)
  if (!role) throw new UsageError(`A role is one of ${roles.join(', ')}; not '${text}'.`)
  return role
}
