import type { App } from './app.ts'
import type { HearthEvent } from './event.ts'
import { accountView } from './domain/accounts/index.ts'
import type { Account } from './domain/accounts/index.ts'
import { decisionsById, reportFacts } from './domain/moderation/index.ts'
import { moderatorPostViews, postViews } from './domain/posts/index.ts'
import { tellWebhooks } from './domain/webhooks/index.ts'
import type { WebhookEvent } from './domain/webhooks/index.ts'
import { accountEntity, categoryWord, speaker, statusEntity } from './entities/index.ts'

/**
 * What owners' programs are told of an event, in the words of the client API. Posts for named people are never told, posts
 * for followers only where the owner wants so and may see them; of moderation ids and grounds, never evidence, words or who reported.
 * `happening` is the same when this runs again for the same event.
 */
export async function noteForWebhooks(app: App, event: HearthEvent, happening: string): Promise<void> {
  const say = (word: WebhookEvent, about: string, payload: (owner: Account, all: boolean) => Promise<object | null>) => tellWebhooks(app, word, `${word}:${about}:${happening}`, payload)
  switch (event.type) {
    case 'post.created': return say('status.created', event.postId, (owner, all) => status(app, owner, event.postId, all))
    case 'post.edited': return say('status.updated', event.postId, (owner, all) => status(app, owner, event.postId, all))
    case 'post.removed': return say('status.removed', event.postId, (owner, all) => removed(app, owner, event, all))
    case 'account.joined':
    case 'account.waiting': return say('account.created', event.accountId, () => account(app, event.accountId, { approved: event.type === 'account.joined' }))
    case 'account.approved': return say('account.approved', event.accountId, () => account(app, event.accountId))
    case 'account.changed': return say('account.updated', event.accountId, () => account(app, event.accountId))
    case 'account.suspended': return say('account.suspended', event.accountId, () => account(app, event.accountId))
    case 'account.deleted': return say('account.deleted', event.accountId, async () => ({ id: event.accountId }))
    case 'report.made': return say('report.created', event.reportId, (owner) => report(app, owner, event.reportId))
    case 'report.decided': return say('report.updated', event.reportId, (owner) => report(app, owner, event.reportId, { decision_id: event.decisionId }))
    case 'decision.made': return say('decision.made', event.decisionId, (owner) => decision(app, owner, event.decisionId))
    case 'decision.reversed': return say('decision.reversed', event.decisionId, (owner) => decision(app, owner, event.decisionId))
    case 'decision.undone':
      for (const id of event.reportIds) await say('report.updated', id, (owner) => report(app, owner, id))
      return say('decision.reversed', event.decisionId, async () => ({ id: event.decisionId, reversed: true }))
    case 'appeal.made': return say('appeal.created', event.caseId, async () => ({ id: event.caseId }))
    case 'appeal.decided': return say('appeal.decided', event.caseId, async () => ({ id: event.caseId }))
    default:
  }
}

const told = (audience: string, all: boolean) => audience !== 'mentioned' && (audience !== 'followers' || all)

/** As anybody reads it, or any member: what its owner likes or filters is nobody else's business. */
async function status(app: App, owner: Account, id: string, all: boolean): Promise<object | null> {
  const view = (await postViews(app, null, [id]))[0] ?? (await postViews(app, owner, [id]))[0]
  return view && view.state === 'published' && told(view.audience, all) ? statusEntity(view, await speaker(app, null)) : null
}

/** Nothing of it but its id, and that only where its audience would have been told of it. Of what is gone for good nobody knows for whom it was. */
async function removed(app: App, owner: Account, event: { postId: string; authorId: string }, all: boolean): Promise<object | null> {
  const [view] = await moderatorPostViews(app, owner, [event.postId])
  return view && told(view.audience, all) ? { id: event.postId, account_id: event.authorId } : null
}

async function account(app: App, id: string, more: object = {}): Promise<object | null> {
  const view = await accountView(app, id)
  return view && { ...accountEntity(view, await speaker(app, null)), ...more }
}

async function report(app: App, owner: Account, id: string, more: object = {}): Promise<object | null> {
  const facts = (await reportFacts(app, owner, [id])).get(id)
  return facts ? { id: facts.id, category: categoryWord(facts.category), account_id: facts.account.id, status_ids: facts.postIds, rule_id: facts.ruleId, created_at: facts.createdAt, action_taken: !facts.open, action_taken_at: facts.decidedAt, ...more } : null
}

async function decision(app: App, owner: Account, id: string): Promise<object | null> {
  const [made] = await decisionsById(app, owner, [id])
  return made ? { id: made.id, act: made.act, category: made.category, ground: made.ground, rule_id: made.rule?.id ?? null, account_id: made.account?.id ?? null, status_id: made.postId, report_id: made.reportId, automated: made.automated, ends_at: made.endsAt, reversed: made.reversed, created_at: made.createdAt } : null
}
