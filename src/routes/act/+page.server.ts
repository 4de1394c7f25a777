import { redirect } from '@sveltejs/kit'
import type { RequestEvent } from '@sveltejs/kit'
import type { App as HearthApp } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { acceptQuote, bookmarkPost, boostPost, likePost, muteThread, pinPost, removePost, revokeQuote, unbookmarkPost, unboostPost, unlikePost, unmuteThread, unpinPost, votePoll } from '#server/domain/posts/index.ts'
import { acceptFollow, block, endorse, follow, followTag, mute, noteAccount, refuseFollow, removeFollower, unblock, unendorse, unfollow, unfollowTag, unmute } from '#server/domain/relationships/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { requireViewer, safeNext, textOf, tryForm } from '../forms.server.ts'
import { discoveryActs } from './discovery.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** Nobody reads this page; it only takes forms. */
export const load: PageServerLoad = () => redirect(303, '/')

type Verb = (app: HearthApp, viewer: Account, id: string) => Promise<unknown>

/** A form with an `id` and a `next`, which may also stand in the address: one verb, then back to where it was pressed. */
const on = (verb: Verb) => async ({ request, locals, url }: RequestEvent) => {
  const viewer = requireViewer(locals, url)
  const data = await request.formData()
  const failure = await tryForm(data, async () => {
    const id = textOf(data, 'id')
    if (!isId(id)) throw notFound()
    await verb(locals.app, viewer, id)
  })
  return failure ?? redirect(303, safeNext(data.get('next') ?? url.searchParams.get('next')))
}
const onTag = (verb: (app: HearthApp, viewer: Account, tag: string) => Promise<unknown>) => async ({ request, locals, url }: RequestEvent) => {
  const viewer = requireViewer(locals, url)
  const data = await request.formData()
  const failure = await tryForm(data, async () => { await verb(locals.app, viewer, textOf(data, 'tag')) })
  return failure ?? redirect(303, safeNext(data.get('next')))
}

export const actions: Actions = {
  like: on(likePost), unlike: on(unlikePost),
  boost: on((app, viewer, id) => boostPost(app, viewer, id)), unboost: on(unboostPost),
  bookmark: on(bookmarkPost), unbookmark: on(unbookmarkPost),
  pin: on(pinPost), unpin: on(unpinPost),
  remove: on(removePost),
  follow: on(follow), unfollow: on(unfollow),
  accept: on(acceptFollow), refuse: on(refuseFollow), removeFollower: on(removeFollower),
  mute: async ({ request, locals, url }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, async () => {
      const id = textOf(data, 'id')
      if (!isId(id)) throw notFound()
      const days = Number(textOf(data, 'days'))
      await mute(locals.app, viewer, id, days > 0 && days <= 365 ? { seconds: days * 86_400 } : {})
    })
    return failure ?? redirect(303, safeNext(data.get('next')))
  },
  unmute: on(unmute),
  block: on(block), unblock: on(unblock),
  note: async ({ request, locals, url }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, async () => { await noteAccount(locals.app, viewer, textOf(data, 'id'), textOf(data, 'comment')) })
    return failure ?? redirect(303, safeNext(data.get('next')))
  },
  endorse: on(endorse), unendorse: on(unendorse),
  muteThread: on(muteThread), unmuteThread: on(unmuteThread),
  acceptQuote: on(acceptQuote), revokeQuote: on((app, viewer, id) => revokeQuote(app, viewer, id)),
  followTag: onTag(followTag), unfollowTag: onTag(unfollowTag),
  vote: async ({ request, locals, url }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, async () => {
      const id = textOf(data, 'id')
      if (!isId(id)) throw notFound()
      await votePoll(locals.app, viewer, id, data.getAll('choice').map(Number))
    })
    return failure ?? redirect(303, safeNext(data.get('next')))
  },
  ...discoveryActs,
}
