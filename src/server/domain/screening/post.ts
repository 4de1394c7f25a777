import type { App } from '#server/app.ts'
import { openCase } from '#server/domain/cases/index.ts'
import { gatePost } from '#server/domain/trust/index.ts'
import type { ScreenPort } from '#server/domain/posts/index.ts'
import { setPostState } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { refuse, settle } from './act.ts'
import { evaluate } from './evaluate.ts'
import { gather } from './gather.ts'
import type { Gathered } from './gather.ts'
import { toBytes } from './likeness.ts'
import { insertTextAtEnd, selectStored } from './queries-facts.ts'
import type { StoredRow } from './queries-facts.ts'
import { insertWait, selectCardWords } from './queries-later.ts'
import { saidBefore, selectMediaWords, selectStopped, setLimited } from './queries-hits.ts'
import type { Outcome } from './rule.ts'
import type { Look } from './types.ts'

/** Asked before a post is published or changed: what the rules make of it. What follows from it is written in the post's own transaction. */
export const screenPost: ScreenPort = async (app, what) => {
  const words = what.mediaIds.length ? await selectMediaWords(app.database.queries, what.mediaIds.filter(isId)) : ''
  const look: Look = {
    subject: what.audience === 'mentioned' ? 'message' : what.edit ? 'edit' : 'post', accountId: what.author.id, text: [what.warning, what.text, ...what.options, words].filter(Boolean).join('\n'),
    language: what.language, audience: what.audience, mentions: what.mentions, mediaIds: what.mediaIds, postId: what.postId,
  }
  const seen = await gather(app, look)
  const gate = await gatePost(app, what.author, seen.signals.trust, { links: seen.links.length, media: what.mediaIds.length, mentions: what.mentions, message: what.audience === 'mentioned', begins: !what.answers, edit: what.edit })
  if (gate.act === 'refuse') return gate
  const verdict = evaluate(seen.kit.rules, seen.signals)
  if (verdict.outcome === 'refuse') return refuse(app, look, verdict, seen.signals.hashes)
  const stops = verdict.outcome === 'hold' || verdict.outcome === 'quarantine'
  const hold = stops || gate.act === 'hold'
  const asks = seen.kit.settings.classifier !== null && look.subject !== 'message'
  const waits = asks && seen.kit.settings.classifier?.when === 'before' && !what.edit && !hold
  const then: ((tx: Tx) => Promise<unknown>)[] = []
  if (verdict.fired.length) then.push((tx) => settle(app, tx, look, verdict, { hashes: seen.signals.hashes }))
  if (gate.act === 'hold' && !stops) then.push((tx) => openCase(app, tx, { source: 'screening', accountId: look.accountId, category: 'spam', postIds: [what.postId], summary: 'first posts of a newcomer while the raid switch is on', record: 0.5, details: { screening: true, outcome: 'hold', raid: true, reasons: [] } }))
  if (waits) then.push((tx) => insertWait(tx, what.postId, app.now()))
  if (asks && !hold) then.push((tx) => app.jobs.add(tx, 'askClassifier', { postId: what.postId }, { key: `classify:${what.postId}`, maxAttempts: 6 }))
  if (seen.links.length && look.audience !== 'mentioned' && seen.signals.trust < 4) then.push((tx) => app.jobs.add(tx, 'resolveLinks', { postId: what.postId }, { key: `resolve:${what.postId}`, maxAttempts: 3 }))
  // Became ready, and was stopped, between our look and now.
  if (!hold && what.mediaIds.length) then.push(async (tx) => { if ((await selectStopped(tx, what.mediaIds)).length) await app.jobs.add(tx, 'screenAgain', { postId: what.postId }, { key: `screen:${what.postId}` }) })
  return {
    act: hold || waits ? 'hold' : 'pass', limited: verdict.outcome === 'limit', atEnd: (tx) => remember(app, tx, look, seen),
    ...then.length ? { after: async (tx) => { for (const one of then) await one(tx) } } : {},
  }
}

function remember(app: App, tx: Tx, look: Look, { signature, bands }: Gathered): void {
  if (bands.length && look.postId) insertTextAtEnd(app.database, tx, { id: look.postId, accountId: look.accountId, signature: signature ? toBytes(signature) : Buffer.alloc(0), bands, at: app.now() })
}

/** A stored post as it is looked at. */
export async function lookOf(app: App, row: StoredRow): Promise<Look> {
  const [words, also] = await Promise.all([row.media_ids.length ? selectMediaWords(app.database.queries, row.media_ids) : '', selectCardWords(app.database.queries, row.id)])
  return {
    also, subject: row.audience === 'mentioned' ? 'message' : row.edited ? 'edit' : 'post', accountId: row.author_id, text: [row.warning, row.text, ...row.options, words].filter(Boolean).join('\n'),
    language: row.language, audience: row.audience, mentions: row.mentions, mediaIds: row.media_ids, postId: row.id,
  }
}

/**
 * Looks at a stored post again, with what has become known since: its media, where its links lead, what a classifier says. Only rules
 * that answer for one of `signals` count, so that what a person let through isn't stopped again for the same. Returns what they make
 * of it, 'publish' where nothing does. Safe to run twice.
 */
export async function screenAgain(app: App, postId: string, signals: readonly string[]): Promise<Outcome> {
  const [row] = isId(postId) ? await selectStored(app.database.queries, [postId]) : []
  if (!row || row.state === 'removed') return 'publish'
  const look = await lookOf(app, row)
  const seen = await gather(app, look, row.scores ?? {})
  const because = evaluate(seen.kit.rules, seen.signals).fired.filter((one) => one.reasons.some((reason) => signals.includes(reason.signal))).map((one) => one.rule)
  const verdict = evaluate(because, seen.signals)
  if (verdict.fired.length === 0) return 'publish'
  const stops = verdict.outcome === 'hold' || verdict.outcome === 'refuse' || verdict.outcome === 'quarantine'
  await app.database.inTransaction(async (tx) => {
    if (await saidBefore(tx, row.id, verdict.fired.map((one) => ({ ruleId: one.rule.id, acted: one.acted })))) return
    // What is there can't be refused any more.
    await settle(app, tx, look, verdict.outcome === 'refuse' ? { ...verdict, outcome: 'hold' } : verdict, { hashes: seen.signals.hashes })
    if (stops && row.state !== 'held') await setPostState(app, row.id, 'held', tx)
    if (verdict.outcome === 'limit') await setLimited(tx, [row.id], true)
  })
  return verdict.outcome
}

/** Job: became ready and was stopped while its post was being written. */
export const screenPostAgain = async (app: App, postId: string): Promise<void> => { await screenAgain(app, postId, ['hash']) }
