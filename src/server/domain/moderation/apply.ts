import type { App } from '#server/app.ts'
import { setAvatarState, setState } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import { setPostState } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict } from '#server/platform/errors.ts'
import { isLimitInForce, updateSensitive } from './queries-decisions.ts'
import type { TargetRow } from './queries-decisions.ts'
import type { Act } from './types.ts'

/** Does what was decided, in the decision's transaction. The account is locked. Throws `alreadySo` when there is nothing to do. */
export async function apply(app: App, tx: Tx, act: Act, target: TargetRow, more: { postId: PostId | null; endsAt: Date | null }): Promise<void> {
  switch (act) {
    case 'dismiss':
    case 'warn': return
    case 'remove_post': return setPostState(app, more.postId!, 'removed', tx)
    case 'restore_post': return setPostState(app, more.postId!, 'published', tx)
    case 'mark_sensitive':
      if (!await updateSensitive(tx, more.postId!)) throw conflict('alreadySo')
      return app.bus.publish(tx, { type: 'post.edited', postId: more.postId!, authorId: target.id })
    case 'limit': return change(['active'], 'limited')
    case 'unlimit': return change(['limited'], 'active')
    case 'suspend':
      // A suspended account may be suspended again to change when it ends.
      await change(['active', 'limited', 'suspended'], 'suspended', more.endsAt)
      return app.record(tx, { type: 'account.suspended', accountId: target.id })
    case 'unsuspend': return change(['suspended'], await isLimitInForce(tx, target.id) ? 'limited' : 'active')
    case 'approve_avatar': return picture(['pending'], 'shown')
    case 'refuse_avatar': return picture(['pending'], 'refused')
    case 'remove_avatar': return picture(['shown', 'pending'], 'refused')
  }

  async function change(from: TargetRow['state'][], to: TargetRow['state'], until: Date | null = null): Promise<void> {
    if (!from.includes(target.state)) throw conflict('alreadySo')
    await setState(app, tx, target.id, to, until)
  }
  async function picture(from: TargetRow['avatar_state'][], to: 'shown' | 'refused'): Promise<void> {
    if (!from.includes(target.avatar_state)) throw conflict('alreadySo')
    await setAvatarState(app, tx, target.id, to)
  }
}
