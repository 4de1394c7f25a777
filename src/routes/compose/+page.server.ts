import { redirect } from '@sveltejs/kit'
import type { ActionFailure } from '@sveltejs/kit'
import type { MediaView } from '#server/domain/media/index.ts'
import { mediaViews } from '#server/domain/media/index.ts'
import { changeReplyPolicy, createPost, editPost, seePost } from '#server/domain/posts/index.ts'
import { schedulePost } from '#server/domain/scheduled/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { orErrorPage, requireViewer, safeNext, textOf, tryForm } from '../forms.server.ts'
import type { FormFailure } from '../forms.server.ts'
import { describeFiles, readComposed, takeFiles } from './read.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** ?reply=ID answers, ?edit=ID changes an own post, ?quote=ID quotes (or begins with its address, where its author wants no quotes), ?audience= who it is for, ?text= with a text (the system's "share" sends several). */
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
  const original = quoted?.boostOf ?? quoted
  const mayQuote = original && original.viewer.canQuote !== 'no'
  if (quoted && !mayQuote) text.push(`\n\n${new URL(quoted.url, url).href}`)
  const audience = audiences.find((one) => one === url.searchParams.get('audience')) ?? null
  return { replyTo, edit, quoted: mayQuote ? original : null, audience, text: text.join('\n').slice(0, 20_000), next: safeNext(url.searchParams.get('next'), '') }
}

const audiences = ['public', 'members', 'followers', 'mentioned'] as const
type Refused = FormFailure & { media: MediaView[]; replyTo: PostView | null; edit: PostView | null; quoted: PostView | null }
/** What the composer hears of a post that was planned. */
type Planned = { id: string; url: string; state: 'planned'; at: string }

export const actions: Actions = {
  /** Takes the composer's form: a new post, an answer, or (with `edit`) a change. With `enhanced` the answer is data instead of a way to go. */
  default: async ({ request, locals, url }) => {
    const viewer = requireViewer(locals, url)
    const { app } = locals
    const data = await request.formData()
    const result = await tryForm(data, async () => {
      data.set('media', [...readComposed(data).mediaIds, ...await takeFiles(app, viewer, data)].join())
      // Described before it is posted: some let no picture of theirs go without (preferences).
      await describeFiles(app, viewer, data, readComposed(data).mediaIds)
      const { edited, key, audience, replyToId, poll, quotedId, scheduledAt, replyPolicy, ...change } = readComposed(data)
      if (edited !== undefined) {
        // Taking a warning away shows the pictures again; without one, what was marked sensitive stays so.
        const before = await seePost(app, viewer, edited)
        const after = await editPost(app, viewer, edited, { ...change, sensitive: before.warning && !change.warning ? false : undefined })
        return replyPolicy && replyPolicy !== before.replyPolicy ? changeReplyPolicy(app, viewer, edited, replyPolicy) : after
      }
      const draft = { ...change, audience, replyToId, poll, quotedId, replyPolicy, idempotencyKey: key }
      if (!scheduledAt) return createPost(app, viewer, draft)
      const plan = await schedulePost(app, viewer, draft, scheduledAt)
      return { id: plan.id, url: '/scheduled', state: 'planned', at: plan.publishAt } satisfies Planned
    })
    if (isRefusal(result)) {
      const { mediaIds, edited, replyToId, quotedId } = readComposed(data, true)
      const media = await mediaViews(app, mediaIds)
      const see = (id: string | undefined) => id ? seePost(app, viewer, id).catch(() => null) : null
      const [replyTo, edit, quoted] = await Promise.all([see(replyToId), see(edited), see(quotedId)])
      Object.assign(result.data, { media: mediaIds.flatMap((id) => media.get(id) ?? []), replyTo, edit, quoted } satisfies Partial<Refused>)
      return result as ActionFailure<Refused>
    }
    if (data.get('enhanced')) return { posted: { id: result.id, url: result.url, state: result.state, at: 'at' in result ? result.at : undefined } }
    redirect(303, result.state === 'planned' ? result.url : safeNext(textOf(data, 'next'), result.url))
  },
}

const isRefusal = (result: PostView | Planned | ActionFailure<FormFailure>): result is ActionFailure<FormFailure> => 'status' in result && 'data' in result
