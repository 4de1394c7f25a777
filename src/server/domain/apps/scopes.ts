import type { Account } from '#server/domain/accounts/index.ts'
import { refusal } from './refusal.ts'

const things = ['accounts', 'blocks', 'bookmarks', 'collections', 'favourites', 'filters', 'follows', 'lists', 'mutes', 'notifications', 'statuses']
const adminThings = ['accounts', 'reports', 'domain_allows', 'domain_blocks', 'ip_blocks', 'email_domain_blocks', 'canonical_email_blocks']
const byFollow = ['blocks', 'follows', 'mutes'].flatMap((thing) => [`read:${thing}`, `write:${thing}`])

/** Every scope of Mastodon's, by name, broad ones before narrow ones. */
export const allScopes: ReadonlySet<string> = new Set(['profile', 'read', 'write', 'follow', 'push',
  ...[...things, 'search'].map((thing) => `read:${thing}`), ...[...things, 'conversations', 'media', 'reports'].map((thing) => `write:${thing}`),
  'admin:read', 'admin:write', ...['read', 'write'].flatMap((way) => adminThings.map((thing) => `admin:${way}:${thing}`))])

/**
 * Does whoever has these scopes have this right? A broad scope covers its narrow ones; the old `follow` covers blocks,
 * follows and mutes; who may read accounts may read the member's own name, which is all of `profile`.
 */
export function covers(given: ReadonlySet<string>, wanted: string): boolean {
  if (given.has(wanted)) return true
  if (wanted === 'profile') return given.has('read') || given.has('read:accounts')
  if (given.has('follow') && byFollow.includes(wanted)) return true
  const parent = wanted.slice(0, wanted.lastIndexOf(':'))
  return parent !== '' && given.has(parent)
}

/** Scopes as apps write them: separated by white space, commas or pluses. Each once, in the order of `allScopes`; refuses unknown ones. */
export function readScopes(text: string): string[] {
  const wanted = new Set(text.split(/[\s,+]+/).filter(Boolean))
  const unknown = [...wanted].find((scope) => !allScopes.has(scope))
  if (unknown !== undefined) throw refusal('invalid_scope', 'The requested scope is invalid or unknown.')
  return [...allScopes].filter((scope) => wanted.has(scope))
}

/** What of these the member may pass on: rights over others only who looks after the place has, and keeps for whom they are given to. */
export const grantable = (member: Pick<Account, 'role'>, scopes: readonly string[]): string[] => scopes.filter((scope) => member.role !== 'member' || !scope.startsWith('admin:'))

/** What of these is worth naming: narrow scopes beside their broad one say nothing new. */
export function withoutCovered(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => !covers(new Set(scopes.filter((other) => other !== scope)), scope))
}
