import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { holdMedia, mediaHeldFor } from '#server/domain/media/index.ts'
import { checkDraft, onceFor } from '#server/domain/posts/index.ts'
import type { Draft, Page, PageAsk } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import { countPlans, deletePlan, deletePlans, insertPlan, selectPlan, selectPlans, updateTime } from './queries.ts'
import type { Row } from './queries.ts'
import type { ScheduledId, ScheduledView } from './types.ts'

const most = { all: 300, day: 25 }
const soonest = 5 * 60_000
const latest = 5 * 366 * 86_400_000

/**
 * Plans a post for later: five minutes ahead at least, 25 a day and 300 in all. Its media are kept for it at once.
 * What could be refused about the post now is refused now; who may hear of it is decided when it is published.
 * The same idempotency key gives the same plan. Problems name `scheduledAt`, and the fields of `createPost`.
 */
export async function schedulePost(app: App, author: Account, { idempotencyKey, ...draft }: Draft, publishAt: Date): Promise<ScheduledView> {
  checkTime(app, publishAt)
  const { mediaIds } = await checkDraft(app, author, draft)
  const id: ScheduledId = app.newId()
  const made = await app.database.inTransaction(async (tx) => {
    const known = idempotencyKey ? await onceFor(tx, author, `scheduled ${idempotencyKey}`, id) : undefined
    if (known) return known
    await demandRoom(tx, author, publishAt)
    await insertPlan(tx, { id, accountId: author.id, publishAt, draft, at: app.now() })
    await holdMedia(tx, author, mediaIds, id)
    await addJob(app, tx, id, publishAt)
    return id
  })
  return seeScheduled(app, author, made)
}

/** What the member planned, the newest plan first; what couldn't be published too, with its reason. */
export async function scheduledOf(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<ScheduledView>> {
  const clean = cleanAsk(ask)
  const page = cutPage(await selectPlans(app.database.queries, viewer.id, clean), clean, (row) => row.id)
  return { ...page, items: await viewsOf(app, viewer, page.items) }
}

/** One of the member's plans; those of others, and what is published, are not found. */
export async function seeScheduled(app: App, viewer: Account, id: ScheduledId): Promise<ScheduledView> {
  const row = isId(id) ? await selectPlan(app.database.queries, id) : undefined
  const [view] = row?.account_id === viewer.id ? await viewsOf(app, viewer, [row]) : []
  if (!view) throw notFound()
  return view
}

/** Moves a plan to another time; one that failed is tried again then. */
export async function reschedulePost(app: App, author: Account, id: ScheduledId, publishAt: Date): Promise<ScheduledView> {
  if (!isId(id)) throw notFound()
  checkTime(app, publishAt)
  await app.database.inTransaction(async (tx) => {
    await demandRoom(tx, author, publishAt, id)
    if (!await updateTime(tx, author.id, id, publishAt)) throw notFound()
    await addJob(app, tx, id, publishAt)
  })
  return seeScheduled(app, author, id)
}

/** The plan goes; its media are free again. */
export async function cancelScheduled(app: App, author: Account, id: ScheduledId): Promise<void> {
  if (!isId(id) || !await app.database.inTransaction((tx) => deletePlan(tx, author.id, id))) throw notFound()
}

/** The plans of an account that left. */
export async function forgetScheduled(app: App, accountId: string): Promise<void> {
  await app.database.inTransaction((tx) => deletePlans(tx, accountId))
}

/** At its time, the job; another time for the same plan replaces the one that waits. */
export const addJob = (app: App, tx: Tx, id: ScheduledId, runAt: Date): Promise<void> => app.jobs.add(tx, 'publishScheduled', { id }, { runAt, key: `scheduled:${id}`, maxAttempts: 12 })

function checkTime(app: App, publishAt: Date): void {
  const ahead = publishAt.getTime() - app.now().getTime()
  const problem = (message: string) => invalidForm([{ field: 'scheduledAt', message }])
  if (!Number.isFinite(ahead) || ahead > latest) throw problem('error.badDate')
  if (ahead < soonest) throw problem('error.scheduledTooSoon')
}

async function demandRoom(tx: Tx, author: Account, at: Date, except: ScheduledId | null = null): Promise<void> {
  const has = await countPlans(tx, author.id, at, except)
  if (has.all >= most.all) throw invalidForm([{ field: 'scheduledAt', message: 'error.tooManyScheduled', params: { most: most.all } }])
  if (has.day >= most.day) throw invalidForm([{ field: 'scheduledAt', message: 'error.tooManyScheduledThatDay', params: { most: most.day } }])
}

async function viewsOf(app: App, viewer: Account, rows: Row[]): Promise<ScheduledView[]> {
  const media = await mediaHeldFor(app, viewer, rows.map((row) => row.id))
  return rows.map((row) => ({ id: row.id, publishAt: row.publish_at.toISOString(), draft: row.draft, media: media.get(row.id) ?? [], error: row.error }))
}
