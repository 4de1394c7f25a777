import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView, Viewer } from '#server/domain/accounts/index.ts'
import { conflict, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { listOf } from './lists.ts'
import { countEndorsed, deleteEndorsement, insertEndorsement, selectEndorsed } from './queries-kept.ts'
import type { RelationshipView } from './types.ts'
import { relationshipView } from './views.ts'

const most = 100

/** Shows somebody on the viewer's profile; only whom they follow, until they no longer do. Twice is once. */
export async function endorse(app: App, viewer: Account, targetId: AccountId): Promise<RelationshipView> {
  if (!isId(targetId)) throw notFound()
  const view = await relationshipView(app, viewer, targetId)
  if (!view.following) throw notFound()
  await app.database.inTransaction(async (tx) => {
    if (await countEndorsed(tx, viewer.id) >= most && !view.endorsed) throw conflict('tooManyEndorsed', { most })
    await insertEndorsement(tx, app.newId(), viewer.id, targetId, app.now())
  })
  return relationshipView(app, viewer, targetId)
}

export async function unendorse(app: App, viewer: Account, targetId: AccountId): Promise<RelationshipView> {
  if (!isId(targetId)) throw notFound()
  await deleteEndorsement(app.database.queries, viewer.id, targetId)
  return relationshipView(app, viewer, targetId)
}

/** Whom an account shows on its profile, newest first. Whoever is in a block with the viewer is left out. */
export async function endorsedBy(app: App, viewer: Viewer, accountId: AccountId, ask: PageAsk = {}): Promise<Page<AccountView>> {
  return listOf(app, ask, async (clean) => isId(accountId) ? selectEndorsed(app.database.queries, accountId, viewer?.id ?? null, clean) : [])
}
