import { accountView } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { unreadCount } from '#server/domain/notifications/index.ts'
import { railData } from '#server/rail.ts'
import type { LayoutServerLoad } from './$types.ts'

/** What every page shows: the community, who is signed in, the rail. */
export const load: LayoutServerLoad = async ({ locals }) => {
  const { app, viewer, locale } = locals
  const [settings, account, unread, rail] = await Promise.all([
    readSettings(app),
    viewer ? accountView(app, viewer.id) : null,
    viewer ? unreadCount(app, viewer) : 0,
    viewer?.state === 'active' || viewer?.state === 'limited' ? railData(app, viewer) : null,
  ])
  return {
    locale,
    community: { name: settings.name, description: settings.description, accentColour: settings.accentColour, logoUrl: settings.logoUrl, coverUrl: settings.coverUrl, joinMode: settings.joinMode, readMode: settings.readMode, transparency: settings.transparency },
    viewer: viewer && account ? { ...account, preferences: viewer.preferences, defaultAudience: viewer.defaultAudience, defaultLanguage: viewer.defaultLanguage, isStaff: viewer.role !== 'member' } : null,
    lockdown: settings.lockdown ? { mode: settings.lockdown.mode, message: settings.lockdown.message } : null,
    unread,
    rail,
  }
}
