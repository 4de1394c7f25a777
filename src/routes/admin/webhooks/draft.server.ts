import type { ActionFailure } from '@sveltejs/kit'
import type { WebhookDraft } from '#server/domain/webhooks/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import type { FormFailure } from '../../forms.server.ts'

/** Runs a verb with what a webhook's form says; a failure keeps all that was ticked. */
export async function withDraft<Result>(data: FormData, verb: (draft: WebhookDraft) => Promise<Result>): Promise<Result | ActionFailure<FormFailure>> {
  const events = data.getAll('events').map(String)
  const outcome = await tryForm(data, () => verb({ url: textOf(data, 'url'), events, allAudiences: data.has('all') }))
  if (isFailure(outcome)) outcome.data.values['events'] = events.join(' ').slice(0, 1000)
  return outcome
}

const isFailure = (outcome: unknown): outcome is ActionFailure<FormFailure> => typeof outcome === 'object' && outcome !== null && 'status' in outcome && 'data' in outcome
