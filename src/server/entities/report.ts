import { z } from 'zod'
import type { Act, Category, DecisionFacts, ReportFacts } from '#server/domain/moderation/index.ts'
import { Account, accountEntity } from './account.ts'
import type { Speaker } from './speaker.ts'

const ReportCategory = z.enum(['spam', 'legal', 'violation', 'other'])
export const Report = z.object({
  id: z.string(), action_taken: z.boolean(), action_taken_at: z.iso.datetime().nullable(), category: ReportCategory, comment: z.string(), forwarded: z.boolean(), created_at: z.iso.datetime(),
  status_ids: z.array(z.string()).nullable(), rule_ids: z.array(z.string()).nullable(), target_account: Account,
}).meta({ id: 'Report' })

const legal: readonly Category[] = ['child_safety', 'terrorism', 'intimate_images', 'illegal_goods', 'copyright', 'privacy']
/** Hearth's reasons in the API's four words. */
export const categoryWord = (category: Category): z.infer<typeof ReportCategory> => category === 'spam' ? 'spam' : category === 'rule' ? 'violation' : legal.includes(category) ? 'legal' : 'other'

export const reportEntity = (report: ReportFacts, speaker: Speaker): z.infer<typeof Report> => ({
  id: report.id, action_taken: !report.open, action_taken_at: report.decidedAt, category: categoryWord(report.category), comment: report.comment, forwarded: false, created_at: report.createdAt,
  status_ids: report.postIds, rule_ids: report.ruleId ? [report.ruleId] : null, target_account: accountEntity(report.account, speaker),
})

export const AccountWarning = z.object({
  id: z.string(), action: z.enum(['none', 'disable', 'mark_statuses_as_sensitive', 'delete_statuses', 'sensitive', 'silence', 'suspend']), text: z.string(), status_ids: z.array(z.string()).nullable(),
  target_account: Account, appeal: z.null(), created_at: z.iso.datetime(),
}).meta({ id: 'AccountWarning' })

const actWords: Partial<Record<Act, z.infer<typeof AccountWarning>['action']>> = { remove_post: 'delete_statuses', mark_sensitive: 'mark_statuses_as_sensitive', limit: 'silence', suspend: 'suspend' }

/** A decision as the person it concerns hears of it; what has no word in the API is a warning without consequences. */
export const warningEntity = (decision: DecisionFacts, target: z.infer<typeof Account>): z.infer<typeof AccountWarning> => ({
  id: decision.id, action: actWords[decision.act] ?? 'none', text: decision.reason, status_ids: decision.postId ? [decision.postId] : null, target_account: target, appeal: null, created_at: decision.createdAt,
})
