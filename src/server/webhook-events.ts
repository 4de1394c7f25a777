import type { App } from './app.ts'
import type { HearthEvent } from './event.ts'
import { accountView } from './domain/accounts/index.ts'
import type { Account } from './domain/accounts/index.ts'
import { decisionsById, reportFacts } from './domain/moderation/index.ts'
import { postViews } from './domain/posts/index.ts'
import { tellWebhooks } from './domain/webhooks/index.ts'
import { accountEntity, categoryWord, speaker, statusEntity } from './entities/index.ts'

/**
 * What owners' programs are told of an event, in the words of the client API. Posts for named people are never told, posts
 * for followers only where the owner wants so and may see them; of moderation ids and grounds, never evidence, words or who reported.
 */
export async function noteForWebhooks(app: App, event: HearthEvent): Promise<void> {
  switch (event.type) {
    case 'post.created': return tellWebhooks(app, 'status.created', `created:${event.postId}`, (owner, all) => status(app, owner, event.postId, all))
    case 'post.edited': {
      const [seen] = await postViews(app, null, [event.postId])
      return tellWebhooks(app, 'status.updated', `edited:${event.postId}:${seen?.editedAt ?? app.now().toISOString().slice(0, 16)}`, (owner, all) => status(app, owner, event.postId, all))
    }
    // It is gone: whether it was for everybody isn't known any more, and its id says nothing.
    case 'post.removed': return tellWebhooks(app, 'status.removed', `removed:${event.postId}`, async () => ({ id: event.postId, account_id: event.authorId }))
    case 'account.joined':
    case 'account.waiting': return tellWebhooks(app, 'account.created', `joined:${event.accountId}`, () => account(app, event.accountId, { approved: event.type === 'account.joined' }))
    case 'account.approved': return tellWebhooks(app, 'account.approved', `approved:${event.accountId}`, () => account(app, event.accountId))
    case 'account.suspended': return tellWebhooks(app, 'account.suspended', `suspended:${event.accountId}:${app.now().toISOString().slice(0, 16)}`, () => account(app, event.accountId))
    case 'account.deleted': return tellWebhooks(app, 'account.deleted', `deleted:${event.accountId}`, async () => ({ id: event.accountId }))
    case 'report.made': return tellWebhooks(app, 'report.created', `report:${event.reportId}`, (owner) => report(app, owner, event.reportId))
    case 'report.decided': return tellWebhooks(app, 'report.resolved', `resolved:${event.reportId}:${event.decisionId}`, async (owner) => ({ ...await report(app, owner, event.reportId), decision_id: event.decisionId }))
    case 'decision.made': return tellWebhooks(app, 'decision.made', `decision:${event.decisionId}`, (owner) => decision(app, owner, event.decisionId))
    case 'decision.reversed': return tellWebhooks(app, 'decision.reversed', `reversed:${event.decisionId}`, (owner) => decision(app, owner, event.decisionId))
    case 'appeal.made': return tellWebhooks(app, 'appeal.created', `appeal:${event.caseId}`, async () => ({ id: event.caseId }))
    case 'appeal.decided': return tellWebhooks(app, 'appeal.decided', `appeal-decided:${event.caseId}`, async () => ({ id: event.caseId }))
    default:
  }
}

async function status(app: App, owner: Account, id: string, all: boolean): Promise<object | null> {
  const [view] = await postViews(app, owner, [id])
  if (!view || view.state !== 'published' || view.audience === 'mentioned' || (view.audience === 'followers' && !all)) return null
  // As anybody reads it: what its owner likes or filters is nobody else's business.
  return statusEntity(view, await speaker(app, null))
}

async function account(app: App, id: string, more: object = {}): Promise<object | null> {
  const view = await accountView(app, id)
  return view && { ...accountEntity(view, await speaker(app, null)), ...more }
}

async function report(app: App, owner: Account, id: string): Promise<object | null> {
  const facts = (await reportFacts(app, owner, [id])).get(id)
  return facts ? { id: facts.id, category: categoryWord(facts.category), account_id: facts.account.id, status_ids: facts.postIds, rule_id: facts.ruleId, created_at: facts.createdAt, action_taken: !facts.open, action_taken_at: facts.decidedAt } : null
}

async function decision(app: App, owner: Account, id: string): Promise<object | null> {
  const [made] = await decisionsById(app, owner, [id])
  return made ? { id: made.id, act: made.act, ground: made.ground, rule_id: made.rule?.id ?? null, account_id: made.account?.id ?? null, status_id: made.postId, report_id: made.reportId, automated: made.automated, ends_at: made.endsAt, reversed: made.reversed, created_at: made.createdAt } : null
}
