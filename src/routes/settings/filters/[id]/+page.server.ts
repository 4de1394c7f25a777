import { redirect } from '@sveltejs/kit'
import { changeFilter, removeFilter, removeFilteredPost, removeKeyword, seeFilter } from '#server/domain/filters/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { orErrorPage, requireViewer, textOf, tryForm } from '../../../forms.server.ts'
import { readFilterForm } from '../form.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const mostPosts = 50

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = requireViewer(locals, url)
  const filter = await orErrorPage(() => seeFilter(locals.app, viewer, params.id))
  const kept = filter.posts.slice(-mostPosts)
  const views = new Map((await postViews(locals.app, viewer, kept.map((post) => post.postId))).map((post) => [post.id, post]))
  return { filter, posts: kept.map(({ id, postId }) => { const post = views.get(postId); return { id, url: post?.url ?? null, name: post?.author.name ?? '' } }) }
}

export const actions: Actions = {
  save: async ({ locals, url, params, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, async () => { await changeFilter(locals.app, viewer, params.id, readFilterForm(data)) }) ?? { saved: true }
  },
  keyword: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => removeKeyword(locals.app, viewer, textOf(data, 'id'))) ?? { saved: true }
  },
  post: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, async () => { await removeFilteredPost(locals.app, viewer, textOf(data, 'id')) }) ?? { saved: true }
  },
  remove: async ({ locals, url, params, request }) => {
    const viewer = requireViewer(locals, url)
    const failure = await tryForm(await request.formData(), () => removeFilter(locals.app, viewer, params.id))
    return failure ?? redirect(303, '/settings/filters')
  },
}
