import type { App } from '#server/app.ts'
import { categories, openCase } from '#server/domain/cases/index.ts'
import type { Category } from '#server/domain/cases/index.ts'
import type { ListCategory } from '#server/domain/hashes/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { explain } from './explain.ts'
import { insertHits, setMediaState } from './queries-hits.ts'
import type { HashFind, Look, Verdict } from './types.ts'

const ofList: Partial<Record<ListCategory, Category>> = { terrorism: 'terrorism', child_safety: 'child_safety', intimate_images: 'intimate_images', violence: 'violence', hate: 'hatred', spam: 'spam' }

/**
 * Writes down what the rules made of it, in the transaction that stores what was looked at: which rules answered and why, a case for
 * somebody to look at, sealed media. Nothing for what nobody needs to know of.
 */
export async function settle(app: App, tx: Tx, look: Look, verdict: Verdict, more: { hashes: HashFind[]; mediaId?: string; subject?: string }): Promise<void> {
  if (verdict.fired.length === 0) return
  const listed = verdict.rule?.definition.when ? more.hashes.toSorted((a, b) => b.severity - a.severity) : []
  const needsSomebody = verdict.outcome !== 'publish' && verdict.outcome !== 'refuse'
  const ofHash = verdict.fired.some((one) => one.acted && one.reasons.some((reason) => reason.signal === 'hash'))
  const category = ofHash && listed[0] ? ofList[listed[0].category] ?? verdict.category : verdict.category
  const { caseId } = needsSomebody ? await openCase(app, tx, {
    source: 'screening', kind: verdict.outcome === 'flag' || verdict.outcome === 'limit' ? 'report' : 'hold', accountId: look.accountId, category: categories.includes(category) ? category : 'other',
    postIds: look.postId ? [look.postId] : [], ...more.subject ? { subject: more.subject } : {}, summary: explain(verdict), record: 0.5,
    details: { screening: true, outcome: verdict.outcome, rule: verdict.rule!.id, ruleName: verdict.rule!.name, reasons: verdict.fired.find((one) => one.acted)!.reasons, ...listed.length ? { matches: listed.slice(0, 20).map(({ matchId, mediaId, list, category: kind, distance }) => ({ matchId, mediaId, list, category: kind, distance })) } : {} },
  }) : { caseId: null }
  const hits = verdict.fired.map(({ rule, reasons, acted }) => ({
    id: app.newId(), ruleId: rule.id, version: rule.version, accountId: look.accountId, postId: look.postId, mediaId: more.mediaId ?? null, subject: look.subject,
    outcome: rule.definition.outcome, acted, reasons, caseId, at: app.now(),
  }))
  await insertHits(tx, hits)
  // On record after the commit: the record has one lock for everybody, and whoever posts holds others by now.
  const acted = hits.filter((hit) => hit.acted && hit.outcome !== 'publish')
  await app.jobs.addAll(tx, 'recordScreening', acted.map(({ id, ruleId, version, accountId, postId, mediaId, outcome }) => ({ hit: id, rule: ruleId, version, account: accountId, post: postId, media: mediaId, outcome, case: caseId })))
  // Sealed after the evidence was taken; what is held stays as it is: its post isn't shown.
  const mediaIds = [...look.mediaIds, ...more.mediaId ? [more.mediaId] : []]
  if (verdict.outcome === 'quarantine') await setMediaState(tx, { mediaIds: mediaIds.filter((id) => listed.some((one) => one.mediaId === id) || listed.length === 0) }, 'sealed')
}

/** What is refused says why, as far as that doesn't help to get around it. */
function refusal(verdict: Verdict): { code: string; params?: Record<string, string> } {
  const reasons = verdict.fired.find((one) => one.acted)?.reasons ?? []
  const link = reasons.find((one) => one.signal === 'linked')
  if (link?.host) return { code: 'screenedLink', params: { host: link.host } }
  if (reasons.some((one) => one.signal === 'words')) return { code: 'screenedWords' }
  if (reasons.some((one) => one.signal === 'hash')) return { code: 'screenedMedia' }
  return { code: 'screened' }
}

/** Refuses, on record: what isn't stored leaves a line of who tried and which rule said no. */
export async function refuse(app: App, look: Look, verdict: Verdict, hashes: HashFind[]): Promise<{ act: 'refuse'; code: string; params?: Record<string, string> }> {
  await app.database.inTransaction((tx) => settle(app, tx, { ...look, postId: null }, verdict, { hashes }))
  return { act: 'refuse', ...refusal(verdict) }
}
