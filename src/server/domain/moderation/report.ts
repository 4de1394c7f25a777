import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView } from '#server/domain/accounts/index.ts'
import { accountView } from '#server/domain/accounts/index.ts'
import { rulesById } from '#server/domain/instance/index.ts'
import type { PostId, PostView } from '#server/domain/posts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalid, invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { insertReport, insertReportPosts, lockOpenReport, selectEdits, selectRecord, updateReportCase, updateReportJoined } from './queries-reports.ts'
import { demandHeard } from './reporters.ts'
import { isTrustedFlagger } from './queries-trusted.ts'
import { categories, openCase, recordOf } from '#server/domain/cases/index.ts'
import { doors, subjects } from './types.ts'
import type { Category, Evidence, ReportDoor, ReportDraft, ReportId, ReportSubject } from './types.ts'

const pace = { name: 'reports', most: 30, seconds: 3600 }
const mostPosts = 10
/** Trusted flaggers are believed as somebody who was nearly always right (DSA, Article 22(1)). */
const trustedRecord = 0.98
const mostComment = 2000

/**
 * A member reports posts or an account. What is seen is kept as evidence; a second report by the same person
 * about the same account joins the open first. What the reporter can't see is not found.
 */
export async function makeReport(app: App, reporter: Account, draft: ReportDraft): Promise<ReportId> {
  if (reporter.state !== 'active' && reporter.state !== 'limited') throw notAllowed()
  const report = readDraft(draft)
  if (report.ruleId && !(await rulesById(app, [report.ruleId])).has(report.ruleId)) throw invalidForm([{ field: 'ruleId', message: 'error.choose' }])
  await demandHeard(app, reporter, report.category)
  await app.limits.use(pace, reporter.id)
  const { account, posts } = await seen(app, reporter, draft)
  if (account.id === reporter.id) throw invalid('reportSelf')
  const what: ReportSubject[] = [...new Set([...posts.map((post) => post.audience === 'mentioned' ? 'message' as const : 'post' as const), ...report.subjects, ...posts.length === 0 && report.subjects.length === 0 ? ['profile' as const] : []])]
  const record = await selectRecord(app.database.queries, account.id, reporter.id)
  return app.database.inTransaction(async (tx) => {
    const evidence = await evidenceOf(app, tx, account, posts)
    const open = await lockOpenReport(tx, reporter.id, account.id)
    const id: ReportId = open?.id ?? app.newId<'report'>()
    if (open) await updateReportJoined(tx, { id, category: report.category, ruleId: report.ruleId, comment: joined(open.comment, report.comment), evidence: merged(open.evidence, evidence), subjects: what })
    else await insertReport(tx, { id, caseId: null, reporterId: reporter.id, accountId: account.id, category: report.category, ruleId: report.ruleId, comment: report.comment, evidence, at: app.now(), door: report.door, subjects: what, law: report.law })
    await insertReportPosts(tx, id, posts.map((post) => post.id))
    const trusted = await isTrustedFlagger(tx, reporter.id)
    const { caseId } = await openCase(app, tx, {
      source: 'report', accountId: account.id, category: report.category, postIds: posts.map((post) => post.id), ruleId: report.ruleId, record: trusted ? trustedRecord : recordOf(record.reporter_upheld, record.reporter_decided),
      ...open?.subject ? { subject: open.subject } : {}, ...report.door === 'illegal' || trusted ? { clock: 'illegal', details: { ...report.door === 'illegal' ? { door: 'illegal' } : {}, ...trusted ? { trusted: true } : {} } } : {},
    }, { again: open !== undefined })
    await updateReportCase(tx, id, caseId)
    if (!open) await app.record(tx, { type: 'report.made', reportId: id })
    return id
  })
}

function readDraft(draft: ReportDraft): { category: Category; ruleId: string | null; comment: string; door: ReportDoor; law: string; subjects: ReportSubject[] } {
  const problems: FieldProblem[] = []
  const category = categories.find((one) => one === draft.category)
  if (!category) problems.push({ field: 'category', message: 'error.choose' })
  const comment = (draft.comment ?? '').toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  if ([...comment].length > mostComment) problems.push({ field: 'comment', message: 'error.tooLong', params: { most: mostComment } })
  if (draft.ruleId && !isId(draft.ruleId)) problems.push({ field: 'ruleId', message: 'error.choose' })
  const door = doors.find((one) => one === (draft.door || 'rules'))
  if (!door) problems.push({ field: 'door', message: 'error.choose' })
  const law = (draft.law ?? '').toWellFormed().replaceAll('\0', '').trim()
  if ([...law].length > 500) problems.push({ field: 'law', message: 'error.tooLong', params: { most: 500 } })
  if (!category || !door || problems.length) throw invalidForm(problems)
  return { category, ruleId: draft.ruleId || null, comment, door, law: door === 'illegal' ? law : '', subjects: subjects.filter((one) => one !== 'post' && one !== 'message' && draft.subjects?.includes(one)) }
}

async function seen(app: App, reporter: Account, draft: ReportDraft): Promise<{ account: AccountView; posts: PostView[] }> {
  const ids: PostId[] = [...new Set(draft.postIds ?? [])]
  if (ids.length > mostPosts) throw invalid('tooManyPosts', { most: mostPosts })
  // A boost is reported for what it boosts.
  const posts = (await postViews(app, reporter, ids)).map((post) => post.boostOf ?? post)
  if (posts.length < ids.length) throw notFound()
  const accountId: AccountId | undefined = draft.accountId ?? posts[0]?.author.id
  if (!isId(accountId) || posts.some((post) => post.author.id !== accountId)) throw notFound()
  const account = await accountView(app, accountId)
  if (!account || account.state === 'deleted' || account.state === 'pending') throw notFound()
  return { account, posts }
}

async function evidenceOf(app: App, tx: Tx, account: AccountView, posts: PostView[]): Promise<Evidence> {
  const edits = await selectEdits(tx, posts.map((post) => post.id))
  return {
    takenAt: app.now().toISOString(),
    account: { username: account.username, name: account.name, bioHtml: account.bioHtml, avatarUrl: account.avatarUrl, role: account.role },
    posts: posts.map((post) => ({
      id: post.id, text: post.text, html: post.html, warning: post.warning, sensitive: post.sensitive, audience: post.audience, language: post.language,
      createdAt: post.createdAt, editedAt: post.editedAt, replyToId: post.replyTo?.id ?? null, media: post.media, edits: edits.get(post.id) ?? [],
    })),
  }
}

const joined = (old: string, fresh: string) => (!fresh || old.includes(fresh) ? old : [old, fresh].filter(Boolean).join('\n\n').slice(0, 10_000))

/** The first sight of a post stays: it may have been edited since. */
function merged(old: Evidence, fresh: Evidence): Evidence {
  const known = new Set(old.posts.map((post) => post.id))
  return { ...old, posts: [...old.posts, ...fresh.posts.filter((post) => !known.has(post.id))] }
}
