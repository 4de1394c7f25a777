import { countMembers } from '#server/domain/accounts/index.ts'
import { readSettings, rules } from '#server/domain/instance/index.ts'
import { communityTimeline, homeTimeline } from '#server/domain/timelines/index.ts'
import { redirect } from '@sveltejs/kit'
import { askOf } from './ask.server.ts'
import type { PageServerLoad } from './$types.ts'

/** Home for members, the front door for visitors. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { app, viewer } = locals
  if (viewer?.state === 'pending') redirect(303, '/waiting')
  if (viewer) return { home: await homeTimeline(app, viewer, askOf(url)), front: null }
  const settings = await readSettings(app)
  const [members, ruleList, recent] = await Promise.all([
    countMembers(app),
    rules(app, locals.locale),
    settings.readMode === 'everyone' ? communityTimeline(app, null, { limit: 6 }) : null,
  ])
  return { home: null, front: { members, rules: ruleList, recent, coverUrl: settings.coverUrl } }
}
