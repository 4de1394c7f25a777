import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { sendPlanFailed } from '#server/domain/sessions/index.ts'
import { isHearthError, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { addJob } from './plan.ts'
import { deletePlan, selectPlan, updateFailed } from './queries.ts'

/**
 * Job: publishes a planned post, exactly once: the plan goes in the transaction that makes the post. What can't be
 * published (its author may not speak, what it answers is gone, screening refuses) stays on the list with its reason,
 * and its author is told by mail. `last`: nobody will try again.
 */
export async function publishScheduled(app: App, id: string, last: boolean): Promise<void> {
  const plan = isId(id) ? await selectPlan(app.database.queries, id) : undefined
  if (!plan || plan.failed_at) return
  // It was moved while this job was on its way.
  if (plan.publish_at > app.now()) return app.database.inTransaction((tx) => addJob(app, tx, plan.id, plan.publish_at))
  const author = await findAccount(app, plan.account_id)
  if (!author) return
  try {
    await createPost(app, author, plan.draft, async (tx) => { if (!await deletePlan(tx, author.id, plan.id)) throw notFound('scheduledGone') })
  } catch (error) {
    const known = isHearthError(error) ? error : null
    if (known?.code === 'scheduledGone') return
    // What may be better in a while is tried again.
    if (!last && (!known || known.kind === 'tooMany' || known.kind === 'unavailable')) throw error
    await app.database.inTransaction(async (tx) => {
      if (await updateFailed(tx, plan.id, known ? reasonOf(known) : 'internal', app.now())) await sendPlanFailed(app, tx, author)
    })
    if (!known) throw error
  }
}

/** A form's first problem says more than that there is one. */
const reasonOf = (error: { code: string; problems: { message: string }[] }): string => error.problems[0]?.message.replace(/^error\./, '') ?? error.code
