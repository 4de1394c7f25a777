import { error } from '@sveltejs/kit'
import type { Account } from '#server/domain/accounts/index.ts'
import { isStaff } from '#server/domain/moderation/index.ts'
import { requireViewer } from '../forms.server.ts'

/** Who may open these pages: everybody's load and action begins with it. Visitors are sent to log in; members are refused. */
export function staffOf(locals: App.Locals, url: URL, least: 'moderator' | 'admin' = 'moderator'): Account {
  const viewer = requireViewer(locals, url)
  const enough = least === 'admin' ? viewer.role === 'admin' || viewer.role === 'owner' : isStaff(viewer)
  if (!enough || viewer.state !== 'active') error(403, 'notAllowed', { code: 'notAllowed' })
  return viewer
}
