import { accountViews, countMembers } from '#server/domain/accounts/index.ts'
import { readSettings, rules } from '#server/domain/instance/index.ts'
import { staffIds } from '#server/domain/moderation/index.ts'
import type { PageServerLoad } from './$types.ts'

/** Open to everybody, also where only members read: whose place this is, and by which rules. */
export const load: PageServerLoad = async ({ locals }) => {
  const { app, locale } = locals
  const [settings, all, ids, members] = await Promise.all([readSettings(app), rules(app, locale), staffIds(app), countMembers(app)])
  const people = await accountViews(app, ids)
  return {
    about: { operator: settings.operator, contactEmail: settings.contactEmail, hasTerms: settings.terms !== '', picturePolicy: settings.picturePolicy },
    rules: all, members, staff: ids.flatMap((id) => people.get(id) ?? []),
  }
}
