import type { App } from '#server/app.ts'
import { writeProfileWords } from '#server/domain/accounts/index.ts'
import type { AccountId, ProfileWords } from '#server/domain/accounts/index.ts'
import type { WordsPort } from '#server/domain/instance/index.ts'
import { setPostState } from '#server/domain/posts/index.ts'
import { refuse, settle } from './act.ts'
import { evaluate } from './evaluate.ts'
import { gather } from './gather.ts'
import { selectMediaOwner } from './queries-hits.ts'
import { keepProfile, takeProfile } from './queries-profile.ts'
import type { Look } from './types.ts'

/** Asked before words are stored that are no post. A profile that is held keeps its old words; a file's post is held with it. */
export const screenWordsOf: WordsPort = async (app, { subject, accountId, parts, mediaId }) => {
  const item = mediaId ? await selectMediaOwner(app.database.queries, mediaId) : undefined
  const look: Look = { subject, accountId, text: parts.filter(Boolean).join('\n'), language: null, audience: null, mentions: 0, mediaIds: [], postId: item?.post_id ?? null }
  const seen = await gather(app, look)
  const verdict = evaluate(seen.kit.rules, seen.signals)
  const holds = verdict.outcome === 'hold' || verdict.outcome === 'quarantine'
  // A list's name is read by nobody else: there is nothing that could wait for a person.
  if (verdict.outcome === 'refuse' || (holds && subject === 'list')) return refuse(app, look, subject === 'list' ? { ...verdict, outcome: 'refuse' } : verdict, [])
  // What no post shows yet nobody needs to look at; the post is looked at with these words.
  if (item?.purpose === 'post' && !item.post_id) return { act: 'pass' }
  return {
    act: holds && subject === 'profile' ? 'hold' : 'pass',
    after: async (tx, wanted) => {
      await settle(app, tx, look, verdict, { hashes: [], ...look.postId ? {} : { subject: `${subject}:${mediaId ?? accountId}` } })
      if (holds && wanted) await keepProfile(tx, accountId, wanted, app.now())
      if (holds && look.postId) await setPostState(app, look.postId, 'held', tx)
    },
  }
}

/** A person found nothing wrong with a profile's words: they stand now. */
export async function applyProfile(app: App, accountId: AccountId): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const words = await takeProfile(tx, accountId)
    if (words) await writeProfileWords(app, tx, accountId, words as ProfileWords)
  })
}
