import { askReview, changeQuiet, checkSender, comply, endReview, keepLonger, purposes, restartClock, seeOrder, senderChecks, setAside, setFinal, stopClock, stopReasons } from '#server/domain/orders/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { App as HearthApp } from '#server/app.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  return { order: await orErrorPage(() => seeOrder(locals.app, viewer, params.id)), purposes: [...purposes], checks: [...senderChecks], stops: [...stopReasons], isAdmin: viewer.role !== 'moderator', now: locals.app.now().toISOString() }
}

type Verb = (app: HearthApp, viewer: Account, id: string, field: (name: string) => string, data: FormData) => Promise<void>
const act = (verb: Verb) => async ({ locals, url, params, request }: RequestEvent) => {
  const viewer = staffOf(locals, url)
  const data = await request.formData()
  return tryForm(data, async () => { await verb(locals.app, viewer, params.id, (name) => textOf(data, name), data); return { done: 'done' } })
}

export const actions: Actions = {
  comply: act((app, viewer, id, field) => comply(app, viewer, id, { purpose: field('purpose'), words: field('purposeWords'), where: field('where') })),
  check: act((app, viewer, id, field, data) => checkSender(app, viewer, id, { checks: data.getAll('checks').filter((one) => typeof one === 'string'), genuine: field('genuine') === 'yes' })),
  stop: act((app, viewer, id, field) => stopClock(app, viewer, id, { reason: field('reason'), words: field('words') })),
  restart: act((app, viewer, id) => restartClock(app, viewer, id)),
  aside: act((app, viewer, id, field) => setAside(app, viewer, id, { as: field('as') === 'withdrawn' ? 'withdrawn' : 'refused', words: field('asideWords') })),
  quiet: act((app, viewer, id, field) => changeQuiet(app, viewer, id, field('how') === 'extend' ? 'extend' : 'end')),
  review: act((app, viewer, id) => askReview(app, viewer, id)),
  reviewed: act((app, viewer, id, field) => endReview(app, viewer, id, field('how') === 'annulled' ? 'annulled' : 'upheld')),
  final: act((app, viewer, id, field) => setFinal(app, viewer, id, field('final') === 'yes')),
  keep: act((app, viewer, id, field) => keepLonger(app, viewer, id, new Date(`${field('until')}T00:00:00Z`), field('keepWords'))),
}
