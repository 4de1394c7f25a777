import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'

type Kind = 'decision' | 'closed' | 'byRule' | 'joinApproved' | 'joinRefused' | 'noticeReceived' | 'noticeActed' | 'noticeDismissed' | 'appealAnswered' | 'orderReceived' | 'orderAnswered' | 'orderAlarm' | 'orderTest'

/** A letter of the moderators in its reader's language. `link` stands in a line of its own. */
export async function letterWords(app: App, locale: 'en' | 'ar', kind: Kind, more: { link?: string; number?: string }): Promise<{ subject: string; text: string; kind: string }> {
  const [settings, catalogue] = await Promise.all([readSettings(app), loadCatalogue(locale, 'letters')])
  const i = translator(locale, catalogue)
  const params = { community: settings.name, number: more.number ?? '' }
  return { subject: i.t(`mail.${kind}.subject`, params), text: [i.t(`mail.${kind}.text`, params), ...more.link ? [more.link] : []].join('\n\n') + '\n', kind }
}
