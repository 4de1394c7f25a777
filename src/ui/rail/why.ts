import type { Translator } from '#i18n/translate.ts'
import type { SuggestionReason } from '#server/domain/discovery/index.ts'

/** A name or tag keeps its own direction within a sentence of another. */
const apart = (name: string) => `\u2068${name}\u2069`

/** Why somebody is suggested, in the reader's language. */
export function whySuggested({ t }: Translator, reason: SuggestionReason): string {
  switch (reason.kind) {
    case 'friends': return reason.by[0] ? t('discover.byFriend', { name: apart(reason.by[0].name), count: reason.count - 1 }) : t('discover.byFriends', { count: reason.count })
    case 'tags': return t('discover.byTags', { tag: apart(reason.tags[0] ?? '') })
    default: return t(`discover.${reason.kind}`)
  }
}
