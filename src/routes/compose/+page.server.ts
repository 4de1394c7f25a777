import { redirect } from '@sveltejs/kit'
import type { ActionFailure } from '@sveltejs/kit'
import type { MediaView } from '#server/domain/media/index.ts'
import { mediaViews } from '#server/domain/media/index.ts'
import { createPost, editPost, seePost } from '#server/domain/posts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { orErrorPage, requireViewer, safeNext, textOf, tryForm } from '../forms.server.ts'
import type { FormFailure } from '../forms.server.ts'
import { readComposed, takeFiles } from './read.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** ?reply=ID answers, ?edit=ID changes an own post, ?quote=ID begins with its address, ?text= with a text (the system's "share" sends several). */
export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  if (viewer.state === 'pending') redirect(303, '/waiting')
  const see = (name: string) => {
    const id = url.searchParams.get(name)
    return id ? orErrorPage(() => { if (!isId(id)) throw notFound('noPost'); return seePost(locals.app, viewer, id) }) : null
  }
  const [replyTo, edit, quoted] = await Promise.all([see('reply'), see('edit'), see('quote')])
  if (edit && (!edit.viewer.mine || edit.boostOf)) await orErrorPage(() => Promise.reject(notFound('noPost')))
  const text = url.searchParams.getAll('text').map((part) => part.toWellFormed().replaceAll('\0', '').trim()).filter(Boolean)
  if (quoted) text.push(`\n\n${new URL(quoted.url, url).href}`)
  return { replyTo, edit, text: text.join('\n').slice(0, 20_000), next: safeNext(url.searchParams.get('next'), '') }
}

type Refused = FormFailure & { media: MediaView[]; replyTo: PostView | null; edit: PostView | null }

export const actions: Actions = {
  /** Takes the composer's form: a new post, an answer, or (with `edit`) a change. With `enhanced` the answer is data instead of a way to go. */
  default: async ({ request, locals, url }) => {
    const viewer = requireViewer(locals, url)
    const { app } = locals
    const data = await request.formData()
    const result = await tryForm(data, async () => {
      data.set('media', [...readComposed(data).mediaIds, ...await takeFiles(app, viewer, data)].join())
      const { edited, key, audience, replyToId, poll, ...change } = readComposed(data)
      if (edited !== undefined) {
        // Taking a warning away shows the pictures again; without one, what was marked sensitive stays so.
        const before = await seePost(app, viewer, edited)
        return editPost(app, viewer, edited, { ...change, sensitive: before.warning && !change.warning ? false : undefined })
      }
      return createPost(app, viewer, { ...change, audience, replyToId, poll, idempotencyKey: key })
    })
    if (isRefusal(result)) {
      const { mediaIds, edited, replyToId } = readComposed(data, true)
      const media = await mediaViews(app, mediaIds)
      const see = (id: string | undefined) => id ? seePost(app, viewer, id).catch(() => null) : null
      const [replyTo, edit] = await Promise.all([see(replyToId), see(edited)])
      Object.assign(result.data, { media: mediaIds.flatMap((id) => media.get(id) ?? []), replyTo, edit } satisfies Partial<Refused>)
      return result as ActionFailure<Refused>
    }
    if (data.get('enhanced')) return { posted: { id: result.id, url: result.url, state: result.state } }
    redirect(303, safeNext(textOf(data, 'next'), result.url))
  },
}

const isRefusal = (result: PostView | ActionFailure<FormFailure>): result is ActionFailure<FormFailure> => 'status' in result && 'data' in result
