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
    case 'moderation': return group.data.reportId ? t('notifications.kind.reportDone', { state: group.data.state ?? '' }) : t('notifications.kind.moderation', { act: group.data.act ?? '' })
    default: return t(`notifications.kind.${group.kind}`, { name, count })
  }
}

/** Where a group leads. `me`: the reader's username. */
export function placeOf(group: NotificationGroup, me: string): string {
  if (group.post) return group.post.url
  switch (group.kind) {
    case 'report': return group.data.reportId ? `/admin/reports/${group.data.reportId}` : '/admin/reports'
    case 'signup': return '/admin/approvals'
    case 'moderation': return group.data.reportId ? '/standing?show=reports' : '/standing'
    case 'follow_request': return '/notifications?filter=follows'
    case 'follow': return group.count > 1 || !group.accounts[0] ? `/@${me}/followers` : `/@${group.accounts[0].username}`
    default: return '/'
  }
}
