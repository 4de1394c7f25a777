import { redirect } from '@sveltejs/kit'
import { categoryGroups, claimCase, dayOf, deskCounts, deskQueue, habitsOf, releaseCase, tidyDesk } from '#server/domain/cases/index.ts'
import { decisionsById, undoDecision } from '#server/domain/moderation/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { app } = locals
  const viewer = staffOf(locals, url)
  await tidyDesk(app)
  const show = url.searchParams.get('show') ?? ''
  const group = categoryGroups.find((one) => one === url.searchParams.get('group')) ?? null
  const ask = { kind: show, group, mine: show === 'mine', done: show === 'done', from: url.searchParams.get('from') }
  const habits = await habitsOf(app, viewer)
  const [queue, counts, day, [done]] = await Promise.all([deskQueue(app, viewer, ask), deskCounts(app, viewer), dayOf(app, viewer, habits), decisionsById(app, viewer, [url.searchParams.get('done') ?? ''])])
  const name = url.searchParams.get('done') && done ? { id: done.id, act: done.act, name: done.account?.name ?? '' } : null
  return { show, group, groups: [...categoryGroups], queue, counts, day, breakMinutes: habits.breakMinutes, done: name, proposed: url.searchParams.has('proposed'), listed: /^\d{1,3}$/.test(url.searchParams.get('listed') ?? '') ? Number(url.searchParams.get('listed')) : null }
}

export const actions: Actions = {
  claim: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await claimCase(locals.app, viewer, textOf(data, 'id')); return { done: 'claimed' } })
  },
  release: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await releaseCase(locals.app, viewer, textOf(data, 'id')); return { done: 'released' } })
  },
  undo: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const id = textOf(data, 'id')
      const [decision] = await decisionsById(locals.app, viewer, [id])
      await undoDecision(locals.app, viewer, id)
      redirect(303, decision?.caseId ? `/admin/desk/${decision.caseId}` : '/admin/desk')
    })
  },
}
