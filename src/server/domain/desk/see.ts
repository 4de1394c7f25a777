import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { appealOnDesk } from '#server/domain/appeals/index.ts'
import { caseLinesById, categories, claimIfFree, completeEvidence, demandStaff, habitsOf, isAbout, noteSeen, seenToday, selectCase, selectCasesOf, takesOn, wordsOn, dayOf, evidencePosts } from '#server/domain/cases/index.ts'
import type { CaseId, CaseRow, Evidence, Habits } from '#server/domain/cases/index.ts'
import { matchesOf } from '#server/domain/hashes/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { evidenceOf } from '#server/domain/media/index.ts'
import type { EvidenceItem } from '#server/domain/media/index.ts'
import { acts, caseReports, decisionsOfCase, decisionsFor, may, misuseStep, reporterRecord, seeMember, similarDecisions, staffIds, strikesOf, undoMinutes } from '#server/domain/moderation/index.ts'
import type { Act, MemberView } from '#server/domain/moderation/index.ts'
import { moderatorPostViews, postViews } from '#server/domain/posts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectJoinReason, selectReplies } from './queries.ts'
import type { CaseView, DeskPost, DeskReport, KeptMedia } from './types.ts'

/**
 * One case with everything that helps to decide it. What was sent to named people, and hard things, are seen only here, by those
 * who took them on, and that is on record. Looking at an open case says "I am on it" where nobody else is.
 */
export async function seeCase(app: App, moderator: Account, id: CaseId): Promise<CaseView> {
  demandStaff(moderator)
  const found = isId(id) ? await selectCase(app.database.queries, id) : undefined
  // A case about oneself isn't there: whoever reported it stays unknown.
  if (!found || isAbout(found, moderator.id)) throw notFound()
  if (found.kind === 'avatar') await completeEvidence(app, found)
  const row = found.kind === 'avatar' ? await selectCase(app.database.queries, id) ?? found : found
  const habits = await habitsOf(app, moderator)
  const closed = await whyClosed(app, moderator, row, habits)
  if (!closed) await noteOpening(app, moderator, row)
  if (!closed && row.state === 'open') await claimIfFree(app, moderator, id)
  const [line] = await caseLinesById(app, moderator, [id])
  if (!line) throw notFound()
  const nothing: CaseView = { line, closed, evidence: null, parents: [], posts: [], replies: [], avatars: [], reports: [], member: null, strikes: { weight: 0, warned: false, step: { act: null, days: 0 } }, history: [], similar: [], decision: null, mayUndo: false, others: [], words: [], appeal: null, proposal: null, mayDecide: [], ruleId: null, staff: [], details: {}, joinReason: '' }
  if (closed) return nothing
  const accountId = row.account_id
  const evidence: Evidence | null = row.evidence && Array.isArray(row.evidence.posts) ? row.evidence : null
  // An order may name several people.
  const shown = evidencePosts(evidence)
  const ids = shown.map(({ post }) => post.id)
  const member = accountId ? await seeMember(app, moderator, accountId).catch(() => null) : null
  const [kept, matches, now, replyIds, reports, history, similar, decisions, others, words, appeal, strikes, staff, joinReason] = await Promise.all([
    evidenceOf(app, id), matchesOf(app, shown.flatMap(({ post }) => post.media.map((item) => item.id))), moderatorPostViews(app, moderator, ids), ids.length ? selectReplies(app.database.queries, ids, 10) : [],
    reportsOf(app, moderator, id), accountId ? decisionsFor(app, moderator, accountId) : { items: [] }, accountId ? similarDecisions(app, moderator, row.category, accountId) : [], decisionsOfCase(app, moderator, id),
    accountId ? selectCasesOf(app.database.queries, accountId, id, 10) : [], wordsOn(app, id, { staff: true, id: moderator.id }), row.kind === 'appeal' ? appealOnDesk(app, moderator, id) : null,
    accountId ? strikesOf(app, accountId) : { weight: 0, warned: false }, colleagues(app, moderator, row), row.kind === 'signup' && accountId ? selectJoinReason(app.database.queries, accountId) : '',
  ])
  const people = await accountViews(app, row.proposed_by_id ? [row.proposed_by_id] : [])
  const nowById = new Map(now.map((post) => [post.id, post]))
  const decision = decisions.find((one) => one.id === row.decision_id) ?? null
  return {
    ...nothing, ruleId: row.rule_id, evidence: evidence && { takenAt: evidence.takenAt, account: evidence.account }, parents: evidence?.parents ?? [],
    posts: shown.map(({ post, author }) => ({ ...deskPost(id, post, kept, matches, nowById.get(post.id)), ...author ? { author } : {} })),
    replies: replyIds.length ? await postViews(app, moderator, replyIds) : [], avatars: spare(id, evidence, kept), reports, member, strikes: { ...strikes, step: misuseStep(strikes) }, history: history.items, similar, decision,
    mayUndo: decision !== null && !decision.reversed && decision.act !== 'delete_account' && (decision.moderator?.id === moderator.id || moderator.role !== 'moderator') && app.now().getTime() - new Date(decision.createdAt).getTime() < undoMinutes * 60_000,
    others: await caseLinesById(app, moderator, others.map((one) => one.id)), words, appeal,
    proposal: row.proposal && row.proposed_at ? { act: acts.find((one) => one === row.proposal?.act) ?? 'warn', reason: String(row.proposal.reason ?? ''), by: people.get(row.proposed_by_id ?? '') ?? null, at: row.proposed_at.toISOString(), mine: row.proposed_by_id === moderator.id } : null,
    mayDecide: member ? acts.filter((act) => may(moderator, act, member.account) && fits(act, row, member, now)) : [], staff, details: row.details, joinReason,
  }
}

async function whyClosed(app: App, moderator: Account, row: CaseRow, habits: Habits): Promise<CaseView['closed']> {
  if (!takesOn(habits, row.category)) return 'optIn'
  if (takesOn({ hard: [] }, row.category) || await seenToday(app, moderator, row.id)) return null
  return (await dayOf(app, moderator, habits)).limitReached ? 'limit' : null
}

async function noteOpening(app: App, moderator: Account, row: CaseRow): Promise<void> {
  const fresh = await noteSeen(app, moderator, row.id, row.category)
  const forFew = evidencePosts(row.evidence).some(({ post }) => post.audience === 'mentioned' || post.audience === 'followers')
  const hard = !takesOn({ hard: [] }, row.category)
  if (fresh && (forFew || hard)) await app.database.inTransaction((tx) => audit(app, tx, moderator, 'case.open', { kind: 'case', id: row.id }, { account: row.account_id }))
}

const kindOf = (item: EvidenceItem): KeptMedia['kind'] => (item.play ? item.sound ? 'audio' : 'video' : 'image')
const address = (caseId: CaseId, mediaId: string, name: string) => `/admin/desk/${caseId}/media/${mediaId}/${encodeURIComponent(name)}`
function keptMedia(caseId: CaseId, item: EvidenceItem, more: Partial<KeptMedia> = {}): KeptMedia {
  return { id: item.mediaId, kind: kindOf(item), description: '', still: item.still && address(caseId, item.mediaId, item.still), play: item.play && { url: address(caseId, item.mediaId, item.play.name), mime: item.play.mime }, sha256: null, pdq: null, matches: [], ...more }
}
function deskPost(caseId: CaseId, post: Evidence['posts'][number], kept: Map<string, EvidenceItem>, matches: Awaited<ReturnType<typeof matchesOf>>, now: PostView | undefined): DeskPost {
  return { ...post, now: now ? { state: now.state, text: now.text, url: now.url } : null, media: post.media.map((item) => {
    const more = { kind: item.kind, description: item.description, sha256: item.sha256 ?? null, pdq: item.pdq ?? null, matches: matches.get(item.id) ?? [] }
    const files = kept.get(item.id)
    return files ? keptMedia(caseId, files, more) : { id: item.id, still: null, play: null, ...more }
  }) }
}
/** Kept files that belong to no post: the profile's pictures. */
function spare(caseId: CaseId, evidence: Evidence | null, kept: Map<string, EvidenceItem>): KeptMedia[] {
  const ofPosts = new Set(evidencePosts(evidence).flatMap(({ post }) => post.media.map((item) => item.id)))
  return [...kept.values()].filter((item) => !ofPosts.has(item.mediaId)).slice(0, 4).map((item) => keptMedia(caseId, item))
}

async function reportsOf(app: App, moderator: Account, caseId: CaseId): Promise<DeskReport[]> {
  const rows = await caseReports(app, caseId)
  const reporters = [...new Set(rows.flatMap((row) => row.reporter_id ?? []))].slice(0, 20)
  const [people, records] = await Promise.all([accountViews(app, reporters), Promise.all(reporters.map(async (id) => [id, await reporterRecord(app, moderator, id)] as const))])
  const recordBy = new Map(records)
  return rows.map((row) => ({
    id: row.id, reporter: row.reporter_id ? people.get(row.reporter_id) ?? null : null, record: row.reporter_id ? recordBy.get(row.reporter_id) ?? null : null, outsider: row.reporter_id ? null : row.contact_name ?? '',
    category: categories.find((one) => one === row.category) ?? 'other', door: row.door, subjects: row.subjects, law: row.law, comment: row.comment, addresses: row.addresses, state: row.state, createdAt: row.created_at.toISOString(),
  }))
}

async function colleagues(app: App, moderator: Account, row: CaseRow): Promise<CaseView['staff']> {
  const people = await accountViews(app, await staffIds(app))
  return [...people.values()].filter((one) => one.id !== moderator.id && !isAbout(row, one.id)).map((one) => ({ id: one.id, name: one.name, username: one.username, role: one.role }))
}

/** Is there something for this act to do? */
const offered = { limit_post: 'limited', unlimit_post: 'limited', adults_only: 'adults', not_adults_only: 'adults', lock_thread: 'replies', unlock_thread: 'replies', hide_links: 'links', show_links: 'links', show_media: 'media' } as const
function fits(act: Act, row: CaseRow, { account, avatarState, limits }: MemberView, posts: PostView[]): boolean {
  const limited = limits.length > 0
  const some = (test: (post: PostView) => boolean) => posts.some((post) => test(post))
  switch (act) {
    case 'dismiss': return row.kind !== 'signup' && row.kind !== 'avatar'
    case 'remove_post': return some((post) => post.state !== 'removed')
    case 'restore_post': return some((post) => post.state === 'removed' || post.state === 'held')
    case 'erase_post': return posts.length > 0
    case 'mark_sensitive': return some((post) => !post.sensitive)
    case 'unmark_sensitive': return some((post) => post.marks.includes('sensitive'))
    case 'label': return posts.length > 0
    case 'unlabel': return some((post) => post.label !== '')
    case 'hide_media': return some((post) => post.media.length > 0 && !post.marks.includes('media'))
    case 'limit_post':
    case 'adults_only':
    case 'lock_thread':
    case 'hide_links': return some((post) => !post.marks.includes(offered[act]))
    case 'unlimit_post':
    case 'not_adults_only':
    case 'unlock_thread':
    case 'show_media':
    case 'show_links': return some((post) => post.marks.includes(offered[act]))
    case 'cool_down':
    case 'stop_media':
    case 'stop_links':
    case 'stop_replies': return account.state === 'active' || account.state === 'limited'
    case 'unrestrict': return limited
    case 'limit': return account.state === 'active'
    case 'suspend': return account.state === 'active' || account.state === 'limited'
    case 'freeze': return account.state !== 'deleted' && account.state !== 'pending'
    case 'delete_account': return account.state !== 'deleted'
    case 'approve_avatar':
    case 'refuse_avatar': return avatarState === 'pending'
    case 'remove_avatar': return avatarState === 'shown'
    case 'remove_cover': return account.coverUrl !== null
    case 'clear_profile': return account.bioHtml !== ''
    case 'warn': return account.state !== 'deleted' && account.state !== 'pending'
    default: return false
  }
}
