import type { Translator } from '#i18n/translate.ts'
import type { NotificationView } from '#server/domain/notifications/index.ts'

const most = { title: 120, body: 140 } // characters: a lock screen shows no more

/** What a lock screen says of a notification. A post behind a warning shows only the warning, a private one none of its words. */
export function wordsOf(i: Translator, { kind, from, post, data }: NotificationView): { title: string; body: string } {
  const name = isolated(i, from?.name ?? '')
  const title = kind === 'poll' ? i.t(from ? 'notifications.kind.poll' : 'notifications.kind.pollMine')
    : data['webhook'] ? i.t('notifications.kind.webhookPaused')
    : kind === 'report' && data['words'] ? i.t('notifications.kind.caseWords', { words: data['words'] })
    : kind === 'moderation' ? i.t('notifications.kind.moderation', { act: data['act'] ?? '' })
    : i.t(`notifications.kind.${kind}`, { name, count: 0 })
  return { title: cut(title, most.title), body: cut(post ? bodyOf(i, post) : from ? `@${from.username}` : '', most.body) }
}

function bodyOf(i: Translator, post: NonNullable<NotificationView['post']>): string {
  if (post.audience === 'mentioned') return i.t('notifications.privateWords')
  return post.warning || (post.sensitive ? '' : post.text) || ''
}

/** A name that runs the other way doesn't turn the sentence around it. */
const isolated = (i: Translator, name: string) => /[\u0590-\u08ff\ufb1d-\ufefc]/.test(name) === (i.dir === 'rtl') ? name : `\u2068${name}\u2069`

function cut(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const letters = [...new Intl.Segmenter().segment(line.slice(0, length * 12))]
  return letters.length <= length ? line.slice(0, length * 12) : `${letters.slice(0, length - 1).map(({ segment }) => segment).join('')}…`
}
