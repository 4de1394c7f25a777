import type { Translator } from '#i18n/translate.ts'
import type { NotificationGroup } from '#server/domain/notifications/index.ts'
import { apart } from '#ui/apart.ts'

/** What a group says, as one sentence of the reader's language. */
export function sentenceOf(i: Translator, group: NotificationGroup): string {
  const { t } = i
  const name = apart(i, group.accounts[0]?.name ?? '')
  const count = Math.max(0, group.count - 1)
  switch (group.kind) {
    case 'poll': return t(group.accounts.length ? 'notifications.kind.poll' : 'notifications.kind.pollMine')
    case 'report': return group.data.raid ? t(`notifications.kind.raid`, { what: group.data.raid, count: Number(group.data.count ?? 0) }) : group.data.webhook ? t('notifications.kind.webhookPaused') : group.data.words ? t('notifications.kind.caseWords', { words: group.data.words }) : t('notifications.kind.report')
    case 'moderation':
      if (group.data.words) return t('notifications.kind.moderatorsWrote')
      if (group.data.appeal) return t('notifications.kind.appealAnswered', { state: group.data.appeal })
      if (group.data.reporter) return t('notifications.kind.reporterStep', { step: group.data.reporter })
      return group.data.reportId ? t('notifications.kind.reportDone', { state: group.data.state ?? '' }) : t('notifications.kind.moderation', { act: group.data.act ?? '' })
    default: return t(`notifications.kind.${group.kind}`, { name, count })
  }
}

/** Where a group leads. `me`: the reader's username. */
export function placeOf(group: NotificationGroup, me: string): string {
  if (group.post) return group.post.url
  switch (group.kind) {
    case 'report': return group.data.raid ? '/admin/raid' : group.data.webhook ? `/admin/webhooks/${group.data.webhook}` : group.data.orderId ? `/admin/orders/${group.data.orderId}` : group.data.caseId ? `/admin/desk/${group.data.caseId}` : group.data.reportId ? `/admin/reports/${group.data.reportId}` : '/admin/desk'
    case 'signup': return '/admin/approvals'
    case 'moderation':
      if (group.data.about?.startsWith('/standing')) return group.data.about
      if (group.data.decisionId) return `/standing/${group.data.decisionId}`
      return group.data.reportId || group.data.reporter || group.data.words === 'reporter' ? '/standing?show=reports' : '/standing'
    case 'follow_request': return '/notifications?filter=follows'
    case 'follow': return group.count > 1 || !group.accounts[0] ? `/@${me}/followers` : `/@${group.accounts[0].username}`
    default: return '/'
  }
}
