import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { invalid, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { followGate } from './gate.ts'
import { changeFollow, countFollow, insertFollow, isBlockBetween, lockBoth } from './queries.ts'
import type { RelationshipView } from './types.ts'
import { relationshipView } from './views.ts'

export const changes = { name: 'relationships', most: 200, seconds: 600 }

/**
 * Follows somebody; a locked account is asked first. Following again only changes the options. `languages`: only posts in
 * these (two or three letters each) come home; an empty list is all.
 * Refuses oneself; who is gone, suspended or in a block with the viewer is not found.
 */
export async function follow(app: App, viewer: Account, targetId: AccountId, options: { showBoosts?: boolean; notify?: boolean; languages?: string[] } = {}): Promise<RelationshipView> {
  if (viewer.id === targetId) throw invalid('followSelf')
  if (!isId(targetId)) throw notFound()
  await app.limits.use(changes, viewer.id)
  const languages = options.languages === undefined ? undefined : readLanguages(options.languages)
  await app.database.inTransaction(async (tx) => {
    const { one: own, other } = await lockBoth(tx, viewer.id, targetId)
    if (!own || !['active', 'limited'].includes(own.state)) throw notAllowed()
    if (!other || !['active', 'limited'].includes(other.state) || await isBlockBetween(tx, viewer.id, targetId)) throw notFound()
    const state = other.locked ? 'requested' : 'accepted'
    const isNew = await insertFollow(tx, { id: app.newId(), followerId: viewer.id, followedId: targetId, state, showBoosts: options.showBoosts ?? true, notify: options.notify ?? false, languages: languages ?? null, at: app.now() })
    if (!isNew) return changeFollow(tx, viewer.id, targetId, { ...options, languages })
    // A refusal takes the row back.
    await followGate(app, viewer)
    if (state === 'accepted') await countFollow(tx, viewer.id, targetId, 1)
    await app.record(tx, { type: state === 'accepted' ? 'follow.accepted' : 'follow.requested', followerId: viewer.id, followedId: targetId })
    await app.bus.publish(tx, { type: 'account.changed', accountId: viewer.id })
  })
  return relationshipView(app, viewer, targetId)
}

function readLanguages(given: string[]): string[] | null {
  const languages = [...new Set(given.map((tag) => tag.toLowerCase().split('-')[0] ?? ''))]
  if (languages.length > 50 || languages.some((tag) => !/^[a-z]{2,3}$/.test(tag))) throw invalid('badLanguage')
  return languages.length ? languages : null
}
