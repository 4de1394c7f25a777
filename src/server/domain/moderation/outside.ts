import type { App } from '#server/app.ts'
import { findAccountByUsername } from '#server/domain/accounts/index.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { categories, categoryFacts, openCase } from '#server/domain/cases/index.ts'
import type { Category } from '#server/domain/cases/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { hashSecret, newSecret } from '#server/platform/secrets/index.ts'
import { letterWords } from './letters.ts'
import { selectPostOwners } from './queries-decisions.ts'
import { hasOtherStaff } from './queries-trusted.ts'
import { selectNoticeEnd, selectOwnerOfMedia } from './queries-outside.ts'
import { insertReport, insertReportPosts, selectReportByToken, updateReportCase } from './queries-reports.ts'
import type { ReportId, ReportState } from './types.ts'

/** What somebody without an account hands in (DSA, Article 16(2)): where, why, who, in good faith. */
export type NoticeDraft = { addresses: string; category: string; reasons: string; law: string; name: string; email: string; goodFaith: boolean; /** filled in by machines only */ trap?: string }

const mostAddresses = 10
const perAddress = { name: 'notices', most: 6, seconds: 3600 }
const perMail = { name: 'noticesFrom', most: 10, seconds: 86_400 }
const together = { name: 'noticesAll', most: 300, seconds: 3600 }

/** Takes a notice about any post, profile or file of this site, without an account. Returns the secret of its page, and its number. A letter confirms it where an address was given. */
export async function makeNotice(app: App, draft: NoticeDraft, from: { address: string; locale: 'en' | 'ar' }): Promise<{ token: string; reportId: ReportId }> {
  const read = readNotice(draft)
  const found = await whatIsMeant(app, read.addresses)
  await app.limits.use(perAddress, from.address)
  if (read.email) await app.limits.use(perMail, read.email.toLowerCase())
  await app.limits.use(together, 'everybody')
  const token = newSecret()
  const id = app.newId<'report'>()
  const letter = read.email ? await letterWords(app, from.locale, 'noticeReceived', { number: id, link: `${app.config.publicUrl}/report/notice/${token}` }) : null
  await app.database.inTransaction(async (tx) => {
    const { caseId } = await openCase(app, tx, { source: 'outside', accountId: found.accountId, postIds: found.postIds, category: read.category, clock: 'illegal', details: { door: 'illegal' } })
    await insertReport(tx, {
      id, caseId, reporterId: null, accountId: found.accountId, category: read.category, ruleId: null, comment: read.reasons, evidence: { takenAt: app.now().toISOString(), account: { username: '', name: '', bioHtml: '', avatarUrl: '', role: 'member' }, posts: [] },
      at: app.now(), door: 'illegal', subjects: found.postIds.length ? ['post'] : ['profile'], law: read.law, outside: { name: read.name || null, email: read.email || null, addresses: read.addresses, locale: from.locale, tokenHash: hashSecret(token) },
    })
    await insertReportPosts(tx, id, found.postIds)
    await updateReportCase(tx, id, caseId)
    await app.record(tx, { type: 'report.made', reportId: id })
    if (letter) await app.mailer.post(tx, { to: read.email, ...letter })
  })
  return { token, reportId: id }
}

function readNotice(draft: NoticeDraft): { addresses: string[]; category: Category; reasons: string; law: string; name: string; email: string } {
  const problems: FieldProblem[] = []
  const clean = (field: string, text: string, most: number) => {
    const value = text.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
    if ([...value].length > most) problems.push({ field, message: 'error.tooLong', params: { most } })
    return value
  }
  const addresses = [...new Set(clean('addresses', draft.addresses, 5000).split(/\s+/).filter(Boolean))]
  if (addresses.length === 0) problems.push({ field: 'addresses', message: 'error.required' })
  else if (addresses.length > mostAddresses) problems.push({ field: 'addresses', message: 'error.tooManyAddresses', params: { most: mostAddresses } })
  const category = categories.find((one) => one === draft.category)
  if (!category) problems.push({ field: 'category', message: 'error.choose' })
  const reasons = clean('reasons', draft.reasons, 5000)
  if (!reasons) problems.push({ field: 'reasons', message: 'error.required' })
  const [law, name, email] = [clean('law', draft.law, 500), clean('name', draft.name.replace(/\s+/gu, ' '), 200), clean('email', draft.email, 200)]
  // Who reports an offence against children may stay unnamed (DSA, Article 16(2)(c)).
  const named = !category || !categoryFacts(category).unnamed
  if (named && !name) problems.push({ field: 'name', message: 'error.required' })
  if (named && !email) problems.push({ field: 'email', message: 'error.required' })
  if (email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) problems.push({ field: 'email', message: 'error.badEmail' })
  if (!draft.goodFaith) problems.push({ field: 'goodFaith', message: 'error.goodFaithNeeded' })
  if (draft.trap) problems.push({ field: 'reasons', message: 'error.badValue' })
  if (!category || problems.length) throw invalidForm(problems)
  return { addresses, category, reasons, law, name, email }
}

/** Whose posts, profile or files these addresses name. A post is taken as named whether or not whoever asks may see it: the answer tells nothing. */
async function whatIsMeant(app: App, addresses: string[]): Promise<{ accountId: AccountId; postIds: PostId[] }> {
  const problem = (message: string, address: string) => invalidForm([{ field: 'addresses', message, params: { address: address.slice(0, 120) } }])
  const named: { accountId: AccountId; postId: PostId | null }[] = []
  for (const address of addresses) {
    const path = pathOf(app, address)
    if (!path) throw problem('error.addressElsewhere', address)
    const one = await ownerOf(app, path)
    if (!one) throw problem('error.addressUnknown', address)
    named.push(one)
  }
  const accountId = named[0]!.accountId
  const other = named.findIndex((one) => one.accountId !== accountId)
  if (other > 0) throw problem('error.oneAccountEach', addresses[other]!)
  const wanted = named.flatMap((one) => one.postId ?? [])
  const theirs = await selectPostOwners(app.database.queries, wanted)
  return { accountId, postIds: theirs.filter((post) => post.author_id === accountId).map((post) => post.id) }
}

/** Whose post, profile or file an address of this site names; null for what is nobody's here, or elsewhere. */
export async function meantBy(app: App, address: string): Promise<{ accountId: AccountId; postId: PostId | null } | null> {
  const path = pathOf(app, address)
  const found = path ? await ownerOf(app, path) : null
  if (!found?.postId) return found
  const [post] = await selectPostOwners(app.database.queries, [found.postId])
  return post?.author_id === found.accountId && !post.deleted ? found : null
}

function pathOf(app: App, address: string): string | null {
  const base = new URL(app.config.publicUrl)
  const url = URL.canParse(address, base) ? new URL(address, base) : null
  return url?.host === base.host ? decodeURIComponent(url.pathname.replace(/%(?![0-9a-f]{2})/gi, '%25')) : null
}

async function ownerOf(app: App, path: string): Promise<{ accountId: AccountId; postId: PostId | null } | null> {
  const [, username, postId] = /^\/@([^/]{1,60})(?:\/(\d{1,19}))?(?:\/|$)/.exec(path) ?? []
  const key = /^\/media\/files\/(?:~[^/]{1,80}\/)?([A-Za-z0-9_-]{8,80})\//.exec(path)?.[1]
  if (key) return selectOwnerOfMedia(app.database.queries, key)
  const avatar = /^\/avatars\/([^/]{1,60})\.svg$/.exec(path)?.[1]
  const account = username || avatar ? await findAccountByUsername(app, username ?? avatar!) : null
  return account && account.state !== 'deleted' && account.state !== 'pending' ? { accountId: account.id, postId: isId(postId) ? postId : null } : null
}

/** What an outsider sees of their notice. */
export type NoticeView = { id: ReportId; number: string; category: Category; addresses: string[]; reasons: string; createdAt: string; state: ReportState; decidedAt: string | null; reason: string; /** it is about the only person who looks after this place */ nobodyElse: boolean; mayAppealUntil: string | null; appeal: { state: string; text: string; answer: string } | null }

/** The notice of this secret; not found without. */
export async function noticeOf(app: App, token: string): Promise<NoticeView> {
  const row = token.length === 43 ? await selectReportByToken(app.database.queries, hashSecret(token)) : undefined
  if (!row) throw notFound()
  const end = await selectNoticeEnd(app.database.queries, row.id)
  const until = end.decided_at ? new Date(end.decided_at) : null
  until?.setUTCMonth(until.getUTCMonth() + 6)
  return {
    id: row.id, number: row.id, category: row.category, addresses: row.addresses, reasons: row.comment, createdAt: row.created_at.toISOString(), state: row.state, decidedAt: row.decided_at?.toISOString() ?? null,
    nobodyElse: row.state === 'open' && !await hasOtherStaff(app.database.queries, row.account_id),
    reason: row.state === 'dismissed' ? end.reason ?? '' : '', mayAppealUntil: row.state === 'dismissed' && !end.appeal_state && until && until > app.now() ? until.toISOString() : null,
    appeal: end.appeal_state ? { state: end.appeal_state, text: end.appeal_text ?? '', answer: end.appeal_answer ?? '' } : null,
  }
}

