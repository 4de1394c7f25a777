import type { App } from '#server/app.ts'
import { restoreLimits, setAvatarState, setLimit, setState } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import { erasePost, setPostState } from '#server/domain/posts/index.ts'
import { closeAccount } from '#server/domain/sessions/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { showAgain, withhold } from '#server/domain/withholding/index.ts'
import { conflict } from '#server/platform/errors.ts'
import { limitOf, marksOf } from './marks.ts'
import { clearProfile, updateCover, updateFrozen, updateLabel, updateMark } from './queries-apply.ts'
import { isLimitInForce } from './queries-decisions.ts'
import type { TargetRow } from './queries-decisions.ts'
import type { Act } from './types.ts'

/** `only`: out of sight in these countries and nowhere else; by which decision, and what readers there are told. */
export type Matter = { postIds: PostId[]; endsAt: Date | null; label: string; only?: { countries: string[]; decisionId: string; authority: string; reference: string; quietUntil: Date | null } }

/** Does what was decided, in the decision's transaction. The account is locked. Throws `alreadySo` when there is nothing to do. */
export async function apply(app: App, tx: Tx, act: Act, target: TargetRow, more: Matter): Promise<void> {
  if (more.only && (act === 'remove_post' || act === 'freeze')) {
    if (target.state === 'deleted') throw conflict('alreadySo')
    return withhold(app, tx, { accountId: target.id, postIds: act === 'remove_post' ? more.postIds : [], ...more.only })
  }
  const mark = marksOf[act]
  if (mark) return changed(await updateMark(tx, more.postIds, mark.mark, mark.on))
  const stopped = limitOf[act]
  if (stopped) {
    await setLimit(tx, target.id, { what: stopped, until: more.endsAt })
    return signal()
  }
  switch (act) {
    case 'dismiss':
    case 'overturn':
    case 'warn': return
    case 'remove_post': return eachPost((id) => setPostState(app, id, 'removed', tx))
    case 'restore_post':
      await showAgain(app, tx, { postIds: more.postIds })
      return eachPost((id) => setPostState(app, id, 'published', tx))
    case 'erase_post':
      if (target.frozen) throw conflict('accountFrozen')
      return eachPost((id) => erasePost(app, tx, id))
    case 'label': return changed(await updateLabel(tx, more.postIds, more.label))
    case 'unlabel': return changed(await updateLabel(tx, more.postIds, ''))
    case 'unrestrict': await restoreLimits(tx, target.id, []); return signal()
    // Limited again: to change when it ends.
    case 'limit': return change(more.endsAt ? ['active', 'limited'] : ['active'], 'limited', more.endsAt)
    case 'unlimit': return change(['limited'], 'active')
    case 'suspend':
      // A suspended account may be suspended again to change when it ends.
      await change(['active', 'limited', 'suspended'], 'suspended', more.endsAt)
      return app.record(tx, { type: 'account.suspended', accountId: target.id })
    case 'unsuspend': return change(['suspended'], await isLimitInForce(tx, target.id) ? 'limited' : 'active')
    case 'freeze':
      if (target.frozen) throw conflict('alreadySo')
      await updateFrozen(tx, target.id, app.now())
      await change(['active', 'limited', 'suspended'], 'suspended')
      return app.record(tx, { type: 'account.suspended', accountId: target.id })
    case 'unfreeze':
      if (await showAgain(app, tx, { accountId: target.id }) && !target.frozen) return
      if (!target.frozen) throw conflict('alreadySo')
      await updateFrozen(tx, target.id, null)
      return change(['suspended'], await isLimitInForce(tx, target.id) ? 'limited' : 'active')
    case 'delete_account':
      if (target.state === 'deleted') throw conflict('alreadySo')
      return closeAccount(app, tx, target.id)
    case 'approve_avatar': return picture(['pending'], 'shown')
    case 'refuse_avatar': return picture(['pending'], 'refused')
    case 'remove_avatar': return picture(['shown', 'pending'], 'refused')
    case 'remove_cover': await updateCover(tx, target.id, null); return signal()
    case 'clear_profile': await clearProfile(tx, target.id); return signal()
  }

  async function eachPost(work: (id: PostId) => Promise<void>): Promise<void> {
    // In one order everywhere, so that two decisions about the same posts never wait for each other.
    for (const id of more.postIds.toSorted((a, b) => Number(BigInt(a) - BigInt(b)))) await work(id)
  }
  async function changed(ids: PostId[]): Promise<void> {
    if (ids.length === 0) throw conflict('alreadySo')
    await app.bus.publishAll(tx, ids.map((postId) => ({ type: 'post.edited', postId, authorId: target.id })))
  }
  async function change(from: TargetRow['state'][], to: TargetRow['state'], until: Date | null = null): Promise<void> {
    if (!from.includes(target.state) || (target.frozen && act !== 'unfreeze')) throw conflict('alreadySo')
    await setState(app, tx, target.id, to, until)
  }
  async function picture(from: TargetRow['avatar_state'][], to: 'shown' | 'refused'): Promise<void> {
    if (!from.includes(target.avatar_state)) throw conflict('alreadySo')
    await setAvatarState(app, tx, target.id, to)
  }
  function signal(): Promise<void> {
    return app.bus.publish(tx, { type: 'account.changed', accountId: target.id })
  }
}
