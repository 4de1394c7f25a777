import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notAllowed, notFound } from '#server/platform/errors.ts'
import { updateAccount } from './queries.ts'
import { selectOwnPicture } from './queries-pictures.ts'
import type { Account, AccountId } from './types.ts'

/**
 * Shows an uploaded picture as the member's own, or takes it away (null). The community's policy decides:
 * 'none' refuses, 'review' keeps it unseen until a moderator approves.
 */
export async function setPicture(app: App, account: Account, which: 'avatar' | 'cover', mediaId: string | null): Promise<'shown' | 'pending' | 'none'> {
  const { picturePolicy } = await readSettings(app)
  if (mediaId !== null && picturePolicy === 'none') throw notAllowed('picturesNotAllowed')
  return app.database.inTransaction(async (tx) => {
    if (mediaId !== null && !(await selectOwnPicture(tx, account.id, mediaId, which))) throw notFound()
    const state = mediaId === null ? 'none' : picturePolicy === 'review' ? 'pending' : 'shown'
    await updateAccount(tx, account.id, which === 'avatar' ? { avatar_media_id: mediaId, avatar_state: state } : { cover_media_id: mediaId })
    await app.record(tx, { type: 'account.changed', accountId: account.id })
    await app.bus.publish(tx, { type: 'account.changed', accountId: account.id })
    return state
  })
}

/** A moderator's word on a picture. */
export async function setAvatarState(app: App, tx: Tx, id: AccountId, state: 'shown' | 'refused' | 'none'): Promise<void> {
  await updateAccount(tx, id, { avatar_state: state, ...(state === 'shown' ? {} : { avatar_media_id: null }) })
  await app.record(tx, { type: 'account.changed', accountId: id })
  await app.bus.publish(tx, { type: 'account.changed', accountId: id })
}
