import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { audit } from './audit.ts'
import { renderMarkdown } from './markdown.ts'
import { insertText, selectTexts } from './queries-texts.ts'
import { changeSettingsIn, demandAdmin, readSettings, settingsChanged } from './settings.ts'
import type { Actor, InstanceText, TextKind } from './types.ts'

const most = 50_000
const farthest = 2 * 366 * 86_400_000

/**
 * What is in force now of the terms, the privacy policy or the community's story; null where there is none. With `on`
 * (a day, '2026-11-23') the version that came into force on that day.
 */
export async function instanceText(app: App, kind: TextKind, on?: string): Promise<InstanceText | null> {
  const versions = await instanceTexts(app, kind)
  const found = on === undefined ? versions.find((one) => one.effectiveOn <= today(app)) : versions.find((one) => one.effectiveOn === on)
  return found?.text ? found : null
}

/** Every version, the latest to come into force first; those to come, too. */
export async function instanceTexts(app: App, kind: TextKind): Promise<InstanceText[]> {
  const rows = await selectTexts(app.database.queries, kind)
  if (rows.length) return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
  // Written before versions were kept.
  const { terms, updatedAt } = await readSettings(app)
  return kind === 'terms' && terms ? [{ id: '0', text: terms, html: renderMarkdown(terms), effectiveOn: updatedAt.slice(0, 10), createdAt: updatedAt }] : []
}

/** Writes a new version (Markdown), in force from a day on: today when left out, up to two years ahead. Empty: there is none any more from then on. Problems name `text` and `effectiveOn`. */
export async function writeInstanceText(app: App, actor: Actor, kind: TextKind, draft: { text: string; effectiveOn?: string }): Promise<void> {
  demandAdmin(actor)
  const text = draft.text.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  const effectiveOn = draft.effectiveOn || today(app)
  if (text.length > most) throw invalidForm([{ field: 'text', message: 'error.tooLong', params: { most } }])
  const day = /^\d{4}-\d\d-\d\d$/.test(effectiveOn) ? Date.parse(`${effectiveOn}T00:00:00Z`) : NaN
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== effectiveOn || effectiveOn < today(app) || day - app.now().getTime() > farthest) throw invalidForm([{ field: 'effectiveOn', message: 'error.badDate' }])
  await app.database.inTransaction(async (tx: Tx) => {
    const before = (await selectTexts(tx, kind)).length
    // What stood in the settings stays known as the first version.
    const { terms, updatedAt } = await readSettings(app)
    if (kind === 'terms' && before === 0 && terms && terms !== text) await insertText(tx, { id: app.newId(), kind, text: terms, html: renderMarkdown(terms), effectiveOn: updatedAt.slice(0, 10), at: new Date(updatedAt) })
    await insertText(tx, { id: app.newId(), kind, text, html: renderMarkdown(text), effectiveOn, at: app.now() })
    if (kind === 'terms' && effectiveOn === today(app)) await changeSettingsIn(app, tx, actor, { terms: text })
    await audit(app, tx, actor, 'text.write', { kind: 'settings', id: kind }, { effectiveOn })
  })
  settingsChanged(app)
}

const today = (app: App) => app.now().toISOString().slice(0, 10)
