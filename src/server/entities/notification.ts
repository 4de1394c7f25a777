import { z } from 'zod'
import type { AccountView } from '#server/domain/accounts/index.ts'
import { appKeyOf, appTypeOf } from '#server/domain/notifications/index.ts'
import type { GroupView, NotificationKind, NotificationView, RequestView } from '#server/domain/notifications/index.ts'
import type { DecisionFacts, ReportFacts } from '#server/domain/moderation/index.ts'
import { Account, accountEntity } from './account.ts'
import { AccountWarning, Report, reportEntity, warningEntity } from './report.ts'
import type { Speaker } from './speaker.ts'
import { Status, statusEntity } from './status.ts'

export const NotificationType = z.enum(['mention', 'status', 'reblog', 'follow', 'follow_request', 'favourite', 'poll', 'update', 'quote', 'quoted_update', 'moderation_warning', 'admin.sign_up', 'admin.report'])
const more = { report: Report.optional(), moderation_warning: AccountWarning.optional() }
export const Notification = z.object({ id: z.string(), type: NotificationType, group_key: z.string(), created_at: z.iso.datetime(), account: Account, status: Status.nullable().optional(), filtered: z.boolean().optional(), ...more }).meta({ id: 'Notification' })
export const NotificationGroup = z.object({
  group_key: z.string(), type: NotificationType, notifications_count: z.int(), most_recent_notification_id: z.string(), page_min_id: z.string(), page_max_id: z.string(), latest_page_notification_at: z.iso.datetime(),
  sample_account_ids: z.array(z.string()), status_id: z.string().optional(), ...more,
}).meta({ id: 'NotificationGroup' })
export const PartialAccount = z.object({ id: z.string(), acct: z.string(), url: z.url(), avatar: z.url(), avatar_static: z.url(), locked: z.boolean(), bot: z.boolean() }).meta({ id: 'PartialAccountWithAvatar' })
export const GroupedNotifications = z.object({ accounts: z.array(Account), partial_accounts: z.array(PartialAccount).optional(), statuses: z.array(Status), notification_groups: z.array(NotificationGroup) }).meta({ id: 'GroupedNotificationsResults' })
export const NotificationRequest = z.object({ id: z.string(), created_at: z.iso.datetime(), updated_at: z.iso.datetime(), account: Account, notifications_count: z.string(), last_status: Status.nullable() }).meta({ id: 'NotificationRequest' })

/** What else notifications speak of, loaded for all of a page; `me`: who reads, the one a poll of one's own or a decision is about. */
export type Around = { me: AccountView; decisions: Map<string, DecisionFacts>; reports: Map<string, ReportFacts> }

const typeOf = (kind: NotificationKind) => NotificationType.parse(appTypeOf(kind))
function aboutOf(kind: NotificationKind, data: Record<string, string>, around: Around, speaker: Speaker) {
  const decision = kind === 'moderation' ? around.decisions.get(data['decisionId'] ?? '') : undefined
  const report = kind === 'report' ? around.reports.get(data['reportId'] ?? '') : undefined
  return { ...decision ? { moderation_warning: warningEntity(decision, accountEntity(around.me, speaker)) } : {}, ...report ? { report: reportEntity(report, speaker) } : {} }
}
/** Whose face stands beside it: who did it, else whom a report is about, else the reader. */
const faceOf = (from: AccountView | null | undefined, kind: NotificationKind, data: Record<string, string>, around: Around) => from ?? (kind === 'report' ? around.reports.get(data['reportId'] ?? '')?.account : undefined) ?? around.me

/** A notification as apps see it. */
export function notificationEntity(view: NotificationView, around: Around, speaker: Speaker): z.infer<typeof Notification> {
  return {
    id: view.id, type: typeOf(view.kind), group_key: appKeyOf(view.kind, view.groupKey, view.id), created_at: view.createdAt, account: accountEntity(faceOf(view.from, view.kind, view.data, around), speaker),
    ...view.post ? { status: statusEntity(view.post, speaker) } : {}, ...view.filtered ? { filtered: true } : {}, ...aboutOf(view.kind, view.data, around, speaker),
  }
}

/** Groups as apps see them: each account and post once. `partial`: of accounts that only lend a face, only what a face needs. */
export function groupedEntity(groups: GroupView[], around: Around, speaker: Speaker, partial = false): z.infer<typeof GroupedNotifications> {
  const whole = new Map<string, AccountView>()
  const faces = new Map<string, AccountView>()
  const samples = groups.map((group) => group.accounts.length ? group.accounts : [faceOf(null, group.kind, group.data, around)])
  for (const [first, ...others] of samples) {
    if (first) whole.set(first.id, first)
    for (const other of others) (partial ? faces : whole).set(other.id, other)
  }
  const statuses = new Map(groups.flatMap(({ post }) => post ? [[post.id, statusEntity(post, speaker)] as const] : []))
  return {
    accounts: [...whole.values()].map((view) => accountEntity(view, speaker)), statuses: [...statuses.values()],
    ...partial ? { partial_accounts: [...faces.values()].filter(({ id }) => !whole.has(id)).map((view) => partialEntity(view, speaker)) } : {},
    notification_groups: groups.map((group, at) => ({
      group_key: group.key, type: typeOf(group.kind), notifications_count: group.count, most_recent_notification_id: group.latestId, page_min_id: group.minId, page_max_id: group.maxId, latest_page_notification_at: group.latestAt,
      sample_account_ids: (samples[at] ?? []).map((view) => view.id), ...group.post ? { status_id: group.post.id } : {}, ...aboutOf(group.kind, group.data, around, speaker),
    })),
  }
}

function partialEntity(view: AccountView, speaker: Speaker): z.infer<typeof PartialAccount> {
  const { id, acct, url, avatar, avatar_static, locked, bot } = accountEntity(view, speaker)
  return { id, acct, url, avatar, avatar_static, locked, bot }
}

export const requestEntity = (view: RequestView, speaker: Speaker): z.infer<typeof NotificationRequest> => ({
  id: view.id, created_at: view.createdAt, updated_at: view.updatedAt, account: accountEntity(view.from, speaker), notifications_count: String(view.count), last_status: view.lastPost ? statusEntity(view.lastPost, speaker) : null,
})
