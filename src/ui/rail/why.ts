import type { Translator } from '#i18n/translate.ts'
import type { SuggestionReason } from '#server/domain/discovery/index.ts'
import { apart } from '#ui/apart.ts'

/** Why somebody is suggested, in the reader's language. */
export function whySuggested(i: Translator, reason: SuggestionReason): string {
  switch (reason.kind) {
    case 'friends': return reason.by[0] ? i.t('discover.byFriend', { name: apart(i, reason.by[0].name), count: reason.count - 1 }) : i.t('discover.byFriends', { count: reason.count })
    case 'tags': return i.t('discover.byTags', { tag: apart(i, `#${reason.tags[0] ?? ''}`) })
    default: return i.t(`discover.${reason.kind}`)
  }
}
