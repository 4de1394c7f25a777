import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { audit } from './audit.ts'
import { renderMarkdown } from './markdown.ts'
import { deleteAnnouncementRow, insertAnnouncement, insertDismissal, selectAnnouncements, selectDismissed, selectPublished, updateAnnouncement, updatePublished } from './queries-announcements.ts'
import type { AnnouncementContent, AnnouncementRow } from './queries-announcements.ts'
import { demandAdmin } from './settings.ts'
import { forget, kept } from './state.ts'
import type { Actor, Announcement, AnnouncementDraft, AnnouncementId, AnnouncementView, Reader } from './types.ts'

const most = 5000

/** What a reader should see now: published, within its time, not dismissed (unless `dismissed` is asked for too); emphasised ones first, then the newest. In their language. */
export async function currentAnnouncements(app: App, viewer: Reader, locale = viewer?.locale, options: { dismissed?: boolean } = {}): Promise<AnnouncementView[]> {
  const published = await kept(app, 'announcements', () => selectPublished(app.database.queries))
  const now = app.now()
  const current = published.filter((row) => (!row.starts_at || row.starts_at <= now) && (!row.ends_at || row.ends_at > now))
  if (current.length === 0) return []
  const dismissed = viewer ? await selectDismissed(app.database.queries, viewer.id, current.map((row) => row.id)) : new Set<string>()
  return current.filter((row) => options.dismissed || !dismissed.has(row.id)).map((row) => {
    const own = locale ? row.translations[locale] : undefined
    return { id: row.id, text: own?.text ?? row.text, html: own?.html ?? row.html, emphasised: row.emphasised, startsAt: row.starts_at?.toISOString() ?? null, endsAt: row.ends_at?.toISOString() ?? null, publishedAt: row.published_at!.toISOString(), updatedAt: row.updated_at.toISOString(), read: dismissed.has(row.id) }
  })
}

/** The reader has seen it; twice is fine. */
export async function dismissAnnouncement(app: App, viewer: { id: string }, id: AnnouncementId): Promise<void> {
  if (!isId(id) || !await insertDismissal(app.database.queries, viewer.id, id, app.now())) throw notFound()
}

/** All of them, for those who write them; newest first. */
export async function allAnnouncements(app: App, actor: Actor): Promise<Announcement[]> {
  demandAdmin(actor)
  return (await selectAnnouncements(app.database.queries)).map(asAnnouncement)
}

function asAnnouncement(row: AnnouncementRow): Announcement {
  return { id: row.id, text: row.text, html: row.html, translations: row.translations, emphasised: row.emphasised, startsAt: row.starts_at?.toISOString() ?? null, endsAt: row.ends_at?.toISOString() ?? null, publishedAt: row.published_at?.toISOString() ?? null, createdAt: row.created_at.toISOString() }
}

function read(draft: AnnouncementDraft): AnnouncementContent {
  const clean = (text: string) => text.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  const problems: FieldProblem[] = []
  const text = clean(draft.text)
  if (!text) problems.push({ field: 'text', message: 'error.required' })
  if (text.length > most) problems.push({ field: 'text', message: 'error.tooLong', params: { most } })
  const translations = Object.fromEntries(Object.entries(draft.translations ?? {}).map(([locale, own]) => [locale, clean(own)] as const).filter(([, own]) => own))
  for (const [locale, own] of Object.entries(translations)) if (own.length > most) problems.push({ field: `text.${locale}`, message: 'error.tooLong', params: { most } })
  const [startsAt, endsAt] = [draft.startsAt ?? null, draft.endsAt ?? null]
  if (startsAt && Number.isNaN(startsAt.getTime())) problems.push({ field: 'startsAt', message: 'error.badDate' })
  if (endsAt && Number.isNaN(endsAt.getTime())) problems.push({ field: 'endsAt', message: 'error.badDate' })
  if (startsAt && endsAt && endsAt <= startsAt) problems.push({ field: 'endsAt', message: 'error.endsBeforeItStarts' })
  if (problems.length) throw invalidForm(problems)
  return {
    text, html: renderMarkdown(text), emphasised: draft.emphasised ?? false, starts_at: startsAt, ends_at: endsAt,
    translations: Object.fromEntries(Object.entries(translations).map(([locale, own]) => [locale, { text: own, html: renderMarkdown(own) }])),
  }
}

/** Writes a draft down; nobody but admins sees it. */
export async function createAnnouncement(app: App, actor: Actor, draft: AnnouncementDraft): Promise<AnnouncementId> {
  demandAdmin(actor)
  return inOneStep(app, (tx) => createAnnouncementIn(app, tx, actor, draft, false))
}

/** Writes it and shows it to everybody (from its start on). */
export async function publishAnnouncement(app: App, actor: Actor, draft: AnnouncementDraft): Promise<AnnouncementId> {
  demandAdmin(actor)
  return inOneStep(app, (tx) => createAnnouncementIn(app, tx, actor, draft, true))
}

/** The same within a transaction; the caller forgets afterwards. */
export async function createAnnouncementIn(app: App, tx: Tx, actor: Actor, draft: AnnouncementDraft, publish: boolean): Promise<AnnouncementId> {
  const id: AnnouncementId = app.newId<'announcement'>()
  await insertAnnouncement(tx, { id, ...read(draft), author_id: typeof actor === 'string' ? null : actor.id, at: app.now() })
  if (publish) await tellPublished(app, tx, id)
  await audit(app, tx, actor, publish ? 'announcement.publish' : 'announcement.create', { kind: 'announcement', id })
  return id
}

async function tellPublished(app: App, tx: Tx, id: AnnouncementId): Promise<void> {
  await updatePublished(tx, id, app.now())
  await app.record(tx, { type: 'announcement.published', announcementId: id })
  await app.bus.publish(tx, { type: 'announcement' })
}

export async function editAnnouncement(app: App, actor: Actor, id: AnnouncementId, draft: AnnouncementDraft): Promise<void> {
  demandAdmin(actor)
  await inOneStep(app, async (tx) => {
    if (!isId(id) || !await updateAnnouncement(tx, id, read(draft), app.now())) throw notFound()
    await audit(app, tx, actor, 'announcement.edit', { kind: 'announcement', id })
  }, id)
}

/** Shows a draft, or takes a shown one back to being a draft. */
export async function setAnnouncementPublished(app: App, actor: Actor, id: AnnouncementId, published: boolean): Promise<void> {
  demandAdmin(actor)
  await inOneStep(app, async (tx) => {
    if (!isId(id) || !await updatePublished(tx, id, published ? app.now() : null)) throw notFound()
    if (published) await app.record(tx, { type: 'announcement.published', announcementId: id })
    await audit(app, tx, actor, published ? 'announcement.publish' : 'announcement.unpublish', { kind: 'announcement', id })
  }, id)
}

export async function deleteAnnouncement(app: App, actor: Actor, id: AnnouncementId): Promise<void> {
  demandAdmin(actor)
  await inOneStep(app, async (tx) => {
    if (!isId(id) || !await deleteAnnouncementRow(tx, id)) throw notFound()
    await audit(app, tx, actor, 'announcement.delete', { kind: 'announcement', id })
  }, id)
}

async function inOneStep<Result>(app: App, work: (tx: Tx) => Promise<Result>, id?: AnnouncementId): Promise<Result> {
  const result = await app.database.inTransaction(async (tx) => {
    const result = await work(tx)
    await app.bus.publish(tx, { type: 'announcement', announcementId: id ?? (typeof result === 'string' ? result : undefined) })
    return result
  })
  forget(app)
  return result
}
