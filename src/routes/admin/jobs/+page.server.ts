import { forgetJob, jobCounts, listJobs, retryJob } from '#server/domain/operations/index.ts'
import type { JobState } from '#server/domain/operations/index.ts'
import { askOf } from '../../ask.server.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const states: JobState[] = ['failed', 'running', 'waiting', 'later']

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url, 'admin')
  const { app } = locals
  const state = states.find((one) => one === url.searchParams.get('state')) ?? null
  const name = /^\w{1,60}$/.exec(url.searchParams.get('job') ?? '')?.[0] ?? null
  const [jobs, counts] = await Promise.all([listJobs(app, viewer, { state, name }, askOf(url, 30)), jobCounts(app, viewer)])
  return { jobs, counts, state, name }
}

export const actions: Actions = {
  retry: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await retryJob(locals.app, viewer, { id: textOf(data, 'id') }); return { done: 'retried', count: 1 } })
  },
  retryAll: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => ({ done: 'retried', count: await retryJob(locals.app, viewer, { failed: true, name: textOf(data, 'job') || null }) }))
  },
  forget: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await forgetJob(locals.app, viewer, textOf(data, 'id')); return { done: 'forgotten', count: 1 } })
  },
}
