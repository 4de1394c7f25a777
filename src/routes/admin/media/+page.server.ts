import { dropFailedMedia, failedMedia, mediaOverview, mediaRules, retryAllMedia, retryMedia, runMediaRule, setMediaRule, tryMediaRule } from '#server/domain/media/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { askOf } from '../../ask.server.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url, 'admin')
  const { app } = locals
  const [overview, failures, rules] = await Promise.all([mediaOverview(app, viewer), failedMedia(app, viewer, { before: askOf(url).before, limit: 20 }), mediaRules(app, viewer)])
  return { overview, failures, rules, bucket: app.config.s3?.bucket ?? null, trial: await trialOf(url, (what, months) => tryMediaRule(app, viewer, what, months)) }
}

/** `?try=avif&months=12`: what a rule would free, asked for by a form that changes nothing. */
async function trialOf(url: URL, ask: (what: string, months: number) => Promise<{ items: number; files: number; bytes: number }>) {
  const what = url.searchParams.get('try')
  if (!what) return null
  const months = Number(url.searchParams.get('months'))
  try {
    return { what, months, code: null, ...await ask(what, months) }
  } catch (error) {
    if (!isHearthError(error)) throw error
    return { what, months: null, code: error.code, items: 0, files: 0, bytes: 0 }
  }
}

export const actions: Actions = {
  count: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    return tryForm(await request.formData(), async () => { await mediaOverview(locals.app, viewer, true); return { done: 'counted' } })
  },
  retry: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await retryMedia(locals.app, viewer, textOf(data, 'id')); return { done: 'retrying' } })
  },
  retryAll: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    return tryForm(await request.formData(), async () => { await retryAllMedia(locals.app, viewer); return { done: 'retrying' } })
  },
  drop: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await dropFailedMedia(locals.app, viewer, textOf(data, 'id')); return { done: 'dropped' } })
  },
  rule: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    const months = textOf(data, 'months').trim()
    return tryForm(data, async () => { await setMediaRule(locals.app, viewer, textOf(data, 'what'), months === '' ? null : Number(months)); return { done: 'saved' } })
  },
  run: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await runMediaRule(locals.app, viewer, textOf(data, 'what')); return { done: 'running' } })
  },
}
