import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { audit, rulesById } from '#server/domain/instance/index.ts'
import { acts, openPlaceholders, placeholders } from '#server/domain/moderation/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { insertMacro, selectMacros, updateMacroRemoved } from './queries.ts'
import type { Macro } from './types.ts'

/** Words that moderators use often, by title. */
export async function macros(app: App, moderator: Account): Promise<Macro[]> {
  demandStaff(moderator)
  return (await selectMacros(app.database.queries)).map((row) => ({ id: row.id, title: row.title, act: acts.find((one) => one === row.act) ?? null, ruleId: row.rule_id, text: row.text, locale: row.locale === 'ar' ? 'ar' : 'en' }))
}

/** Writes one down. What stands in braces has to be one of the words that can be filled in. */
export async function addMacro(app: App, moderator: Account, given: { title: string; act: string; ruleId: string | null; text: string; locale: string }): Promise<void> {
  demandStaff(moderator)
  const clean = (text: string) => text.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  const [title, text] = [clean(given.title), clean(given.text)]
  const unknown = openPlaceholders(text).filter((word) => !placeholders.some((one) => `{${one}}` === word))
  const problems: FieldProblem[] = [
    ...title ? [] : [{ field: 'title', message: 'error.required' }], ...text ? [] : [{ field: 'text', message: 'error.required' }], ...[...title].length > 80 ? [{ field: 'title', message: 'error.tooLong', params: { most: 80 } }] : [],
    ...[...text].length > 2000 ? [{ field: 'text', message: 'error.tooLong', params: { most: 2000 } }] : [], ...unknown.slice(0, 1).map((word) => ({ field: 'text', message: 'error.placeholderUnknown', params: { word } })),
    ...given.act && !acts.some((one) => one === given.act) ? [{ field: 'act', message: 'error.choose' }] : [], ...given.ruleId && !(isId(given.ruleId) && (await rulesById(app, [given.ruleId])).size) ? [{ field: 'ruleId', message: 'error.choose' }] : [],
  ]
  if (problems.length) throw invalidForm(problems)
  await app.database.inTransaction(async (tx) => {
    const id = app.newId()
    await insertMacro(tx, { id, title, act: given.act, ruleId: given.ruleId || null, text, locale: given.locale === 'ar' ? 'ar' : 'en', byId: moderator.id, at: app.now() })
    await audit(app, tx, moderator, 'macro.add', { kind: 'settings', id: 'desk' }, { macro: id })
  })
}

/** Takes one out of use. */
export async function removeMacro(app: App, moderator: Account, id: string): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    if (!isId(id) || !await updateMacroRemoved(tx, id, app.now())) throw notFound()
    await audit(app, tx, moderator, 'macro.remove', { kind: 'settings', id: 'desk' }, { macro: id })
  })
}
