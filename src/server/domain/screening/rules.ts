import type { App } from '#server/app.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { conflict, invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { raiseVersion, selectRules } from './queries-kit.ts'
import { countRules, lockRule, markRuleRemoved, selectCounts, selectHits, selectNeighbour, selectVersions, setPosition, writeRule } from './queries-rules.ts'
import type { HitRow, VersionRow } from './queries-rules.ts'
import { readDefinition } from './rule.ts'
import type { Rule, RuleId, RuleState } from './types.ts'

const mostRules = 200
export const ruleStates = ['off', 'count', 'on'] as const
const day = 86_400_000

/** A rule with what it did in the last thirty days: `right` and `wrong` are what people said of it later. */
export type RuleLine = Rule & { updatedAt: string; fired: number; right: number; wrong: number; /** how often it answered on each of thirty days, oldest first */ days: number[] }
export type RuleDraft = { name: string; note: string; state: string; definition: unknown; why: string; version?: number }

/** Every rule in its order. Moderators only. */
export async function rulesOverview(app: App, moderator: Account): Promise<RuleLine[]> {
  demandStaff(moderator)
  const today = Math.floor(app.now().getTime() / day)
  const [rules, counts] = await Promise.all([selectRules(app.database.queries), selectCounts(app.database.queries, new Date((today - 29) * day))])
  const of = new Map(counts.map((row) => [row.rule_id, row]))
  return rules.map(({ updated_at, ...rule }) => {
    const row = of.get(rule.id)
    const by = new Map(row?.days.map((one) => [Math.floor(Date.parse(one.day) / day), one.fired]))
    return { ...rule, updatedAt: updated_at.toISOString(), fired: row?.fired ?? 0, right: row?.judged_right ?? 0, wrong: row?.judged_wrong ?? 0, days: Array.from({ length: 30 }, (_, at) => by.get(today - 29 + at) ?? 0) }
  })
}

/** One rule. Throws notFound. */
export async function seeRule(app: App, moderator: Account, id: string): Promise<RuleLine> {
  const rule = (await rulesOverview(app, moderator)).find((one) => one.id === id)
  if (!rule) throw notFound()
  return rule
}

/** Adds a rule at the end (`id` null), or writes a new version of one, with who and why; on record. Problems name `name`, `state`, `definition`. */
export async function saveRule(app: App, moderator: Account, id: string | null, draft: RuleDraft): Promise<RuleId> {
  demandStaff(moderator)
  const name = draft.name.trim()
  const state = ruleStates.find((one) => one === draft.state)
  if (!name || name.length > 100) throw invalidForm([{ field: 'name', message: name ? 'error.tooLong' : 'error.required', params: { most: 100 } }])
  if (!state) throw invalidForm([{ field: 'state', message: 'error.choose' }])
  const definition = readDefinition(draft.definition)
  return app.database.inTransaction(async (tx) => {
    const before = id === null ? undefined : isId(id) ? await lockRule(tx, id) : undefined
    if (id !== null && !before) throw notFound()
    if (before && draft.version !== undefined && draft.version !== before.version) throw conflict('ruleChanged')
    const { count, last } = await countRules(tx)
    if (!before && count >= mostRules) throw conflict('tooManyRules', { most: mostRules })
    const rule = { id: before?.id ?? app.newId<'screening rule'>(), position: before?.position ?? last + 10, name, note: draft.note.trim().slice(0, 1000), state, definition, version: (before?.version ?? 0) + 1 }
    await writeRule(tx, rule, moderator.id, draft.why.trim().slice(0, 500), app.now())
    await raiseVersion(tx)
    await audit(app, tx, moderator, before ? 'screening.change' : 'screening.add', { kind: 'rule', id: rule.id }, { name, state, version: rule.version, outcome: definition.outcome, ...before && before.state !== state ? { before: before.state } : {} })
    return rule.id
  })
}

/** Switches a rule on, off, or to counting alone. */
export async function setRuleState(app: App, moderator: Account, id: string, state: string, why = ''): Promise<void> {
  const rule = await seeRule(app, moderator, id)
  await saveRule(app, moderator, id, { ...rule, state: state as RuleState, why, version: rule.version })
}

/** Asks this rule before, or after, its neighbour. */
export async function moveRule(app: App, moderator: Account, id: string, way: 'up' | 'down'): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    const rule = isId(id) ? await lockRule(tx, id) : undefined
    if (!rule) throw notFound()
    const other = await selectNeighbour(tx, rule, way === 'up')
    if (!other) return
    await setPosition(tx, rule.id, other.position === rule.position ? rule.position + (way === 'up' ? -1 : 1) : other.position)
    if (other.position !== rule.position) await setPosition(tx, other.id, rule.position)
    await raiseVersion(tx)
    await audit(app, tx, moderator, 'screening.move', { kind: 'rule', id: rule.id }, { way })
  })
}

/** The rule is asked no more; what it did stays on record. */
export async function removeRule(app: App, moderator: Account, id: string): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    const rule = isId(id) ? await lockRule(tx, id) : undefined
    if (!rule) throw notFound()
    await markRuleRemoved(tx, rule.id, app.now())
    await raiseVersion(tx)
    await audit(app, tx, moderator, 'screening.remove', { kind: 'rule', id: rule.id }, { name: rule.name })
  })
}

export type RuleVersion = Omit<VersionRow, 'by_id' | 'created_at'> & { by: AccountView | null; createdAt: string }
export type RuleHit = Omit<HitRow, 'account_id' | 'created_at'> & { account: AccountView | null; createdAt: string }

/** Who changed a rule, when and why, newest first; and on whom it answered last. */
export async function ruleHistory(app: App, moderator: Account, id: string, before: string | null = null): Promise<{ versions: RuleVersion[]; hits: RuleHit[]; next: string | null }> {
  demandStaff(moderator)
  if (!isId(id)) throw notFound()
  const [versions, found] = await Promise.all([selectVersions(app.database.queries, id, 30), selectHits(app.database.queries, id, isId(before) ? before : null, 26)])
  const hits = found.slice(0, 25)
  const people = await accountViews(app, [...new Set([...versions.map((row) => row.by_id), ...hits.map((row) => row.account_id)].filter((one) => one !== null))])
  return {
    versions: versions.map(({ by_id, created_at, ...row }) => ({ ...row, by: by_id ? people.get(by_id) ?? null : null, createdAt: created_at.toISOString() })),
    hits: hits.map(({ account_id, created_at, ...row }) => ({ ...row, account: account_id ? people.get(account_id) ?? null : null, createdAt: created_at.toISOString() })),
    next: found.length > 25 ? hits.at(-1)!.id : null,
  }
}
