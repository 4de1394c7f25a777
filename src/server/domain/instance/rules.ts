import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { audit } from './audit.ts'
import { insertRule, selectRules, selectRulesById, updateRule, updateRuleOrder, updateRuleRemoved } from './queries.ts'
import { demandAdmin } from './settings.ts'
import { forget, kept } from './state.ts'
import type { Actor, Rule, RuleDraft, RuleId, RuleView } from './types.ts'

/** The rules in order, as their writers see them. */
export function allRules(app: App): Promise<Rule[]> {
  return kept(app, 'rules', () => selectRules(app.database.queries))
}

/** The rules in order, in the reader's language where they are translated. */
export async function rules(app: App, locale?: string): Promise<RuleView[]> {
  return (await allRules(app)).map((rule) => inLanguage(rule, locale))
}

/** Rules by id, removed ones included: old decisions still name them. */
export async function rulesById(app: App, ids: string[], locale?: string): Promise<Map<string, RuleView>> {
  const found = ids.length ? await selectRulesById(app.database.queries, ids) : []
  return new Map(found.map((rule) => [rule.id, inLanguage(rule, locale)]))
}

function inLanguage(rule: Rule, locale?: string): RuleView {
  const own = locale ? rule.translations[locale] : undefined
  return { id: rule.id, text: own?.text || rule.text, hint: own?.text ? own.hint ?? '' : rule.hint }
}

const tidy = (text: string | undefined) => (text ?? '').toWellFormed().replaceAll('\0', '').replace(/\s+/gu, ' ').trim()

function readRule(draft: RuleDraft): Omit<Rule, 'id'> {
  const text = tidy(draft.text)
  const hint = tidy(draft.hint)
  const problems = []
  if (!text) problems.push({ field: 'text', message: 'error.required' })
  if ([...text].length > 300) problems.push({ field: 'text', message: 'error.tooLong', params: { most: 300 } })
  if ([...hint].length > 1000) problems.push({ field: 'hint', message: 'error.tooLong', params: { most: 1000 } })
  if (problems.length) throw invalidForm(problems)
  const translations = Object.fromEntries(Object.entries(draft.translations ?? {})
    .map(([locale, own]) => [locale, { text: tidy(own.text).slice(0, 600), hint: tidy(own.hint).slice(0, 2000) }] as const)
    .filter(([, own]) => own.text))
  return { text, hint, translations }
}

/** Adds a rule at the end. */
export async function addRule(app: App, actor: Actor, draft: RuleDraft): Promise<RuleId> {
  demandAdmin(actor)
  const id = await app.database.inTransaction((tx) => addRuleIn(app, tx, actor, draft))
  forget(app)
  return id
}

/** The same within a transaction; the caller forgets afterwards. */
export async function addRuleIn(app: App, tx: Tx, actor: Actor, draft: RuleDraft): Promise<RuleId> {
  const id: RuleId = app.newId<'rule'>()
  await insertRule(tx, { id, ...readRule(draft) })
  await app.bus.publish(tx, { type: 'settings' })
  await audit(app, tx, actor, 'rule.add', { kind: 'rule', id }, { text: draft.text.slice(0, 200) })
  return id
}

export async function changeRule(app: App, actor: Actor, id: RuleId, draft: RuleDraft): Promise<void> {
  demandAdmin(actor)
  await inOneStep(app, async (tx) => {
    if (!isId(id) || !await updateRule(tx, { id, ...readRule(draft) })) throw notFound()
    await audit(app, tx, actor, 'rule.change', { kind: 'rule', id }, { text: draft.text.slice(0, 200) })
  })
}

/** Taken off the list; decisions that stand on it still show its words. */
export async function removeRule(app: App, actor: Actor, id: RuleId): Promise<void> {
  demandAdmin(actor)
  await inOneStep(app, async (tx) => {
    if (!isId(id) || !await updateRuleRemoved(tx, id, app.now())) throw notFound()
    await audit(app, tx, actor, 'rule.remove', { kind: 'rule', id })
  })
}

/** Moves a rule one place up or down; at the end of the list nothing happens. */
export async function moveRule(app: App, actor: Actor, id: RuleId, by: -1 | 1): Promise<void> {
  demandAdmin(actor)
  await inOneStep(app, async (tx) => {
    const ids = (await selectRules(tx)).map((rule) => rule.id)
    const at = ids.indexOf(id)
    const other = ids[at + by]
    if (at < 0) throw notFound()
    if (other === undefined) return
    ids[at + by] = id
    ids[at] = other
    await updateRuleOrder(tx, ids)
    await audit(app, tx, actor, 'rule.move', { kind: 'rule', id })
  })
}

async function inOneStep(app: App, work: (tx: Tx) => Promise<void>): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    await work(tx)
    await app.bus.publish(tx, { type: 'settings' })
  })
  forget(app)
}
