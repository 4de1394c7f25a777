import { redirect } from '@sveltejs/kit'
import type { App as HearthApp } from '#server/app.ts'
import { accountView, findAccountByUsername } from '#server/domain/accounts/index.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { rules } from '#server/domain/instance/index.ts'
import { categories, makeReport } from '#server/domain/moderation/index.ts'
import { seePost } from '#server/domain/posts/index.ts'
import { block, mute } from '#server/domain/relationships/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { orErrorPage, requireViewer, textOf, tryForm } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

type Subject = { account: AccountView; post: { id: string; excerpt: string; url: string } | null }

/** What the address names: ?post=ID or ?account=NAME. What the viewer can't see isn't found. */
async function subjectOf(app: HearthApp, viewer: Account, url: URL): Promise<Subject> {
  const postId = url.searchParams.get('post')
  if (postId) {
    const seen = await seePost(app, viewer, postId)
    const post = seen.boostOf ?? seen
    return { account: post.author, post: { id: post.id, excerpt: [...(post.warning || post.text)].slice(0, 240).join(''), url: post.url } }
  }
  const found = await findAccountByUsername(app, url.searchParams.get('account') ?? '')
  const account = found && found.state !== 'pending' && found.state !== 'deleted' ? await accountView(app, found.id) : null
  if (!account) throw notFound()
  return { account, post: null }
}

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [subject, all] = await Promise.all([orErrorPage(() => subjectOf(locals.app, viewer, url)), rules(locals.app, locals.locale)])
  return { subject, rules: all, categories, mine: subject.account.id === viewer.id }
}

export const actions: Actions = {
  report: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const { account, post } = await subjectOf(locals.app, viewer, url)
      await makeReport(locals.app, viewer, { accountId: account.id, postIds: post ? [post.id] : [], category: textOf(data, 'category'), ruleId: textOf(data, 'ruleId') || null, comment: textOf(data, 'comment') })
      return { done: 'sent' }
    })
  },
  mute: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    return tryForm(await request.formData(), async () => { await mute(locals.app, viewer, (await subjectOf(locals.app, viewer, url)).account.id); return { done: 'muted' } })
  },
  block: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await block(locals.app, viewer, (await subjectOf(locals.app, viewer, url)).account.id); redirect(303, '/standing?show=reports') })
  },
}
