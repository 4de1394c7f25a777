import { accountViews, countMembers } from '#server/domain/accounts/index.ts'
import { instanceText, readSettings, rules } from '#server/domain/instance/index.ts'
import { staffIds } from '#server/domain/moderation/index.ts'
import type { PageServerLoad } from './$types.ts'

/** Open to everybody, also where only members read: whose place this is, and by which rules. */
export const load: PageServerLoad = async ({ locals }) => {
  const { app, locale } = locals
  const [settings, all, ids, members, story, terms, privacy] = await Promise.all([readSettings(app), rules(app, locale), staffIds(app), countMembers(app), instanceText(app, 'about'), instanceText(app, 'terms'), instanceText(app, 'privacy')])
  const people = await accountViews(app, ids)
  return {
    about: { operator: settings.operator, contactEmail: settings.contactEmail, hasTerms: terms !== null, hasPrivacy: privacy !== null, story: story?.html ?? '', picturePolicy: settings.picturePolicy },
    rules: all, members, staff: ids.flatMap((id) => people.get(id) ?? []),
  }
}
