import type { CaseRow } from '#server/domain/cases/index.ts'
import type { Act } from './types.ts'

const did: Partial<Record<Act, string>> = {
  remove_post: 'was removed', mark_sensitive: 'was covered as sensitive', label: 'was given a label', warn: 'The account was warned.', limit: 'The reach of the account was limited.', suspend: 'The account was suspended.',
  limit_post: 'was taken out of public lists', adults_only: 'was kept for adults', lock_thread: 'was closed for answers', hide_media: 'was left without its media', hide_links: 'was left without its links', erase_post: 'was deleted for good',
  cool_down: 'The account could not post for a while.', stop_media: 'The account could not show media.', stop_links: 'The account could not post links.', stop_replies: 'The account could not answer others.',
  freeze: 'The account was frozen for an investigation.', delete_account: 'The account was closed for good.', remove_avatar: 'The profile picture was removed.', refuse_avatar: 'The profile picture was not shown.', remove_cover: 'The cover picture was removed.', clear_profile: 'The words of the profile were removed.',
}

/** In some countries only. */
const withheld: Partial<Record<Act, string>> = { remove_post: 'was made unavailable in some countries', freeze: 'The account was made unavailable in some countries.' }

/** The facts without personal data, where the moderator wrote none: how it came to notice and what was done. In English, as the public database is read across countries. */
export function factsOf(act: Act, posts: number, about: Pick<CaseRow, 'source' | 'category'>, territory: string[] = []): string {
  const words = territory.length ? withheld[act] : did[act]
  if (!words) return ''
  const what = words.startsWith('The') ? words : `${posts > 1 ? `Each of ${posts} posts` : 'A post'} ${words}.`
  const how = { outside: 'It was notified from outside the community.', report: 'A member reported it.', screening: 'Screening noticed it and a person looked at it.', order: 'An authority ordered it.', appeal: '', community: 'Moderators noticed it themselves.', practice: '' }[about.source]
  return [what, how].filter(Boolean).join(' ')
}
