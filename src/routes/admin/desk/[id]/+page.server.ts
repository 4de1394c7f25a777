import { redirect } from '@sveltejs/kit'
import { decideAppeal } from '#server/domain/appeals/index.ts'
import { addWordsOn, claimCase, dayOf, habitsOf, handOver, nextCase, releaseCase } from '#server/domain/cases/index.ts'
import { alikeTo, listNeverAgain, macros, seeCase, withPlainReason } from '#server/domain/desk/index.ts'
import { readSettings, rules } from '#server/domain/instance/index.ts'
import { answerProposal, approveMember, decideOrPropose, fillPlaceholders, invalidateReportsOf, refuseMember, stepAgainstReporter, undoDecision } from '#server/domain/moderation/index.ts'
import { seeRule } from '#server/domain/screening/index.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import { decisionOf } from '../../decision.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const { app, locale } = locals
  const viewer = staffOf(locals, url)
  const seen = await orErrorPage(() => seeCase(app, viewer, params.id))
  const habits = await habitsOf(app, viewer)
  const [all, words, day, settings, alike] = await Promise.all([rules(app, locale), macros(app, viewer), dayOf(app, viewer, habits), readSettings(app), url.searchParams.has('alike') && !seen.closed ? alikeTo(app, viewer, params.id) : null])
  const macro = words.find((one) => one.id === url.searchParams.get('macro'))
  const macroRule = all.find((one) => one.id === macro?.ruleId)
  // How often people agreed with the rule that brought it here.
  const rule = typeof seen.details.rule === 'string' ? await seeRule(app, viewer, seen.details.rule).then(({ id, name, right, wrong }) => ({ id, name, right, wrong }), () => null) : null
  return {
    seen, rules: all, macros: words, day, plainMedia: habits.plainMedia, blur: habits.blur, rule, breakMinutes: habits.breakMinutes, alike,
    begun: macro ? { act: macro.act ?? '', basis: macro.ruleId ?? '', reason: fillPlaceholders(macro.text, { name: seen.member?.account.name, community: settings.name, rule: macroRule?.text, post: seen.posts[0] ? [...seen.posts[0].text].slice(0, 80).join('') : undefined }) } : null,
  }
}

export const actions: Actions = {
  claim: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    return tryForm(await request.formData(), async () => { await claimCase(locals.app, viewer, params.id); return { done: 'claimed' } })
  },
  release: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    return tryForm(await request.formData(), async () => { await releaseCase(locals.app, viewer, params.id); redirect(303, '/admin/desk') })
  },
  handOver: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await handOver(locals.app, viewer, params.id, textOf(data, 'to'), textOf(data, 'words')); redirect(303, '/admin/desk') })
  },
  decide: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const draft = await withPlainReason(locals.app, viewer, params.id, decisionOf(data))
      const { decisionId } = await decideOrPropose(locals.app, viewer, params.id, draft)
      const listed = decisionId && data.has('never') ? await listNeverAgain(locals.app, viewer, params.id, { postIds: draft.postIds }) : null
      const to = textOf(data, 'then') === 'next' ? await nextCase(locals.app, viewer, params.id) : null
      redirect(303, `/admin/desk${to && decisionId ? `/${to}` : ''}?${decisionId ? `done=${decisionId}` : 'proposed'}${listed === null ? '' : `&listed=${listed}`}`)
    })
  },
  second: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const decisionId = await answerProposal(locals.app, viewer, params.id, textOf(data, 'answer') === 'yes' ? 'yes' : 'no', textOf(data, 'words'))
      redirect(303, decisionId ? `/admin/desk?done=${decisionId}` : '/admin/desk')
    })
  },
  appeal: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      await decideAppeal(locals.app, viewer, params.id, { outcome: textOf(data, 'outcome'), words: textOf(data, 'words'), instead: { ...decisionOf(data), act: textOf(data, 'instead') }, version: Number(textOf(data, 'version')) })
      redirect(303, '/admin/desk')
    })
  },
  undo: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await undoDecision(locals.app, viewer, textOf(data, 'id')); return { done: 'undone' } })
  },
  say: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await addWordsOn(locals.app, viewer, params.id, textOf(data, 'room'), textOf(data, 'text')); return { done: 'said' } })
  },
  signup: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      if (textOf(data, 'answer') === 'yes') await approveMember(locals.app, viewer, textOf(data, 'id'))
      else await refuseMember(locals.app, viewer, textOf(data, 'id'), textOf(data, 'reason'))
      redirect(303, '/admin/desk')
    })
  },
  reporter: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const step = textOf(data, 'step')
      if (step === 'invalidate') await invalidateReportsOf(locals.app, viewer, textOf(data, 'id'))
      else await stepAgainstReporter(locals.app, viewer, textOf(data, 'id'), step === 'pause' || step === 'lift' ? step : 'warn', textOf(data, 'reporterReason'))
      return { done: 'reporter' }
    })
  },
}
