import { redirect } from '@sveltejs/kit'
import type { App as HearthApp } from '#server/app.ts'
import { accountView, findAccountByUsername } from '#server/domain/accounts/index.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { categoryTree } from '#server/domain/cases/index.ts'
import { rules } from '#server/domain/instance/index.ts'
import { makeNotice, makeReport, somebodyElseLooks } from '#server/domain/moderation/index.ts'
import { seePost } from '#server/domain/posts/index.ts'
import { block, mute } from '#server/domain/relationships/index.ts'
import { accountTimeline } from '#server/domain/timelines/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { orErrorPage, requireViewer, textOf, tryForm } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

type PostLine = { id: string; excerpt: string; url: string; message: boolean; /** small, and shown covered */ pictures: string[] }
type Subject = { account: AccountView; post: PostLine | null }
const lineOf = (post: { id: string; warning: string; text: string; url: string; audience: string; media: { preview: { url: string } | null }[] }): PostLine => ({ id: post.id, excerpt: [...(post.warning || post.text)].slice(0, 240).join(''), url: post.url, message: post.audience === 'mentioned', pictures: post.media.flatMap((one) => one.preview?.url ?? []).slice(0, 4) })

/** What the address names: ?post=ID or ?account=NAME. What the viewer can't see isn't found. */
async function subjectOf(app: HearthApp, viewer: Account, url: URL): Promise<Subject> {
  const postId = url.searchParams.get('post')
  if (postId) {
    const seen = await seePost(app, viewer, postId)
    const post = seen.boostOf ?? seen
    return { account: post.author, post: lineOf(post) }
  }
  const found = await findAccountByUsername(app, url.searchParams.get('account') ?? '')
  const account = found && found.state !== 'pending' && found.state !== 'deleted' ? await accountView(app, found.id) : null
  if (!account) throw notFound()
  return { account, post: null }
}

/** What a visitor came from, for the first address of their notice. */
async function addressOf(app: HearthApp, url: URL): Promise<string> {
  const account = url.searchParams.get('account')
  if (account && /^[\p{L}\p{N}_.-]{1,60}$/u.test(account)) return `${app.config.publicUrl}/@${account}`
  const post = await seePost(app, null, url.searchParams.get('post') ?? '').catch(() => null)
  return post ? `${app.config.publicUrl}${post.url}` : ''
}

export const load: PageServerLoad = async ({ locals, url }) => {
  const tree = categoryTree()
  if (!locals.viewer || url.searchParams.has('notice') || (!url.searchParams.has('post') && !url.searchParams.has('account'))) {
    return { notice: { address: await addressOf(locals.app, url), signedIn: locals.viewer !== null }, subject: null, others: [], rules: [], tree, mine: false, nobodyElse: false }
  }
  const { viewer } = locals
  const [subject, all] = await Promise.all([orErrorPage(() => subjectOf(locals.app, viewer, url)), rules(locals.app, locals.locale)])
  const somebody = await somebodyElseLooks(locals.app, subject.account.id)
  const recent = await accountTimeline(locals.app, viewer, subject.account.id, 'replies', { limit: 8 })
  const others = recent.items.filter((post) => !post.boostOf && post.author.id === subject.account.id && post.id !== subject.post?.id).slice(0, 5).map(lineOf)
  return { notice: null, subject, others, rules: all, tree, mine: subject.account.id === viewer.id, nobodyElse: !somebody }
}

export const actions: Actions = {
  report: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const { account, post } = await subjectOf(locals.app, viewer, url)
      await makeReport(locals.app, viewer, {
        accountId: account.id, postIds: [...post ? [post.id] : [], ...data.getAll('more').filter((one) => typeof one === 'string')], category: textOf(data, 'category'), ruleId: textOf(data, 'ruleId') || null, comment: textOf(data, 'comment'),
        subjects: data.getAll('part').filter((one) => typeof one === 'string'), door: textOf(data, 'door'), law: textOf(data, 'law'),
      })
      return { done: 'sent' }
    })
  },
  notice: async ({ locals, request, getClientAddress }) => {
    const data = await request.formData()
    const made = await tryForm(data, () => makeNotice(locals.app, {
      addresses: textOf(data, 'addresses'), category: textOf(data, 'category'), reasons: textOf(data, 'reasons'), law: textOf(data, 'law'), name: textOf(data, 'name'), email: textOf(data, 'email'),
      goodFaith: data.get('goodFaith') === 'yes', trap: textOf(data, 'website'),
    }, { address: getClientAddress(), locale: locals.locale }))
    if ('token' in made) redirect(303, `/report/notice/${made.token}`)
    return made
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
