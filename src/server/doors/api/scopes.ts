const things = ['accounts', 'blocks', 'bookmarks', 'collections', 'favourites', 'filters', 'follows', 'lists', 'mutes', 'notifications', 'statuses'] as const
const adminThings = ['accounts', 'reports', 'domain_allows', 'domain_blocks', 'ip_blocks', 'email_domain_blocks', 'canonical_email_blocks'] as const
export type Scope = 'profile' | 'push' | `read:${typeof things[number] | 'search'}` | `write:${typeof things[number] | 'conversations' | 'media' | 'reports'}` | `admin:${'read' | 'write'}:${typeof adminThings[number]}` | 'read' | 'write'

const byFollow = new Set(['read:blocks', 'write:blocks', 'read:follows', 'write:follows', 'read:mutes', 'write:mutes'])

/** Does a token with these scopes have this right? A broad scope covers its narrow ones; the old `follow` covers follows, blocks and mutes. */
export function covers(given: ReadonlySet<string>, wanted: Scope): boolean {
  if (given.has(wanted)) return true
  if (given.has('follow') && byFollow.has(wanted)) return true
  const parent = wanted.slice(0, wanted.lastIndexOf(':'))
  return parent !== '' && given.has(parent)
}
