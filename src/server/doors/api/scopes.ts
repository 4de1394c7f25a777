import { covers as coversName } from '#server/domain/apps/index.ts'

const things = ['accounts', 'blocks', 'bookmarks', 'collections', 'favourites', 'filters', 'follows', 'lists', 'mutes', 'notifications', 'statuses'] as const
const adminThings = ['accounts', 'reports', 'domain_allows', 'domain_blocks', 'ip_blocks', 'email_domain_blocks', 'canonical_email_blocks'] as const
export type Scope = 'profile' | 'push' | `read:${typeof things[number] | 'search'}` | `write:${typeof things[number] | 'conversations' | 'media' | 'reports'}` | `admin:${'read' | 'write'}:${typeof adminThings[number]}` | 'read' | 'write' | 'admin:read' | 'admin:write'

/** Does a token with these scopes have this right? By the rules of the apps room. */
export const covers = (given: ReadonlySet<string>, wanted: Scope): boolean => coversName(given, wanted)
