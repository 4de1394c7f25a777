import { join } from 'node:path'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { readAddress } from '#server/platform/fetch/index.ts'
import { openSeal } from '#server/platform/seal/index.ts'
import type { Seal } from '#server/platform/seal/index.ts'
import { readSettingsOf } from './kit.ts'
import type { ScreeningSettings } from './kit.ts'
import { raiseVersion, selectSettings, writeSettings } from './queries-kit.ts'
import { deleteTexts } from './queries-facts.ts'
import { deleteOldHits } from './queries-hits.ts'
import { deleteOldLinks } from './queries-later.ts'

/** How screening is set, without the classifier's secret. */
export async function screeningSettings(app: App, moderator: Account): Promise<ScreeningSettings & { hasSecret: boolean }> {
  demandStaff(moderator)
  const settings = readSettingsOf(await selectSettings(app.database.queries))
  return { ...settings, classifier: settings.classifier ? { ...settings.classifier, secret: '' } : null, hasSecret: Boolean(settings.classifier?.secret) }
}

/** Changes it; admins only, on record. An empty secret leaves the one there is. Problems name `url`, `seconds`. */
export async function changeScreening(app: App, actor: Account, given: { messageWords: boolean; url: string; secret: string; when: string; failing: string; seconds: string }): Promise<void> {
  demandAdmin(actor)
  const url = given.url.trim()
  const secret = given.secret ? (await classifierSeal(app)).seal(given.secret).toString('base64') : ''
  if (url && !readAddress(url, app.config.fetchAllow)) throw invalidForm([{ field: 'url', message: 'error.badAddress' }])
  const seconds = Number(given.seconds || 5)
  if (!(seconds >= 1 && seconds <= 30)) throw invalidForm([{ field: 'seconds', message: 'error.badValue' }])
  await app.database.inTransaction(async (tx) => {
    const before = readSettingsOf(await selectSettings(tx))
    await writeSettings(tx, { messageWords: given.messageWords, classifier: url ? { url, secret: secret || before.classifier?.secret || '', when: given.when === 'before' ? 'before' : 'after', failing: given.failing === 'hold' ? 'hold' : 'publish', seconds } : null })
    await raiseVersion(tx)
    await audit(app, tx, actor, 'screening.settings', { kind: 'settings', id: 'screening' }, { messageWords: given.messageWords, classifier: url ? new URL(url).host : null })
  })
}

/** The classifier's secret must be read again to be sent, so it lies sealed. */
export function classifierSeal(app: App): Promise<Seal> {
  const known = app.caches.get('screening.seal') as Promise<Seal> | undefined
  if (known) return known
  const made = openSeal(join(app.config.dataFolder, 'keys', 'screening'))
  app.caches.set('screening.seal', made)
  made.catch(() => app.caches.delete('screening.seal'))
  return made
}

const day = 86_400_000

/** Job: what screening remembers goes when its time is over: texts after a week, hits after half a year, where links lead after a month. */
export async function tidyScreening(app: App): Promise<void> {
  const ago = (days: number) => new Date(app.now().getTime() - days * day)
  await deleteTexts(app.database.queries, ago(7))
  await deleteOldHits(app.database.queries, ago(183), 200_000)
  await deleteOldLinks(app.database.queries, ago(30))
}
