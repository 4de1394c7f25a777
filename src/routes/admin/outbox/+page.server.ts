import { outbox } from '#server/domain/moderation/index.ts'
import { askOf } from '../../ask.server.ts'
import { staffOf } from '../staff.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ mails: await outbox(locals.app, staffOf(locals, url, 'admin'), askOf(url, 30)), sends: locals.app.mailer.sends })
