import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { conflict, invalidForm, notFound } from '#server/platform/errors.ts'
import { cleanText, countCharacters } from '#server/platform/text/count.ts'
import { requireVoice } from './voice.ts'
import { originalOf, reactions } from './like.ts'
import { hasVoted, insertVotes, lockPoll, takeEndedPolls } from './queries-acts.ts'
import type { Draft, PostId, PostView } from './types.ts'
import { seePost } from './view.ts'

export type ReadPoll = { options: string[]; multiple: boolean; hideTotals: boolean; endsAt: Date }
const most = { options: 8, characters: 100 }
const shortest = 300
const longest = 30 * 86_400

/** Checks a poll: 2–8 different answers, from five minutes to thirty days. Empty answers don't count. */
export function readPoll(poll: NonNullable<Draft['poll']>, now: Date): ReadPoll {
  const options = poll.options.map((option) => cleanText(option).replace(/\s+/g, ' ')).filter(Boolean)
  const problem = (message: string, params?: Record<string, number>) => invalidForm([{ field: 'poll', message, params }])
  if (options.length < 2 || options.length > most.options) throw problem('error.pollOptions', { most: most.options })
  if (new Set(options).size < options.length) throw problem('error.pollTwice')
  if (options.some((option) => countCharacters(option, most.characters) > most.characters)) throw problem('error.textTooLong', { most: most.characters })
  if (!Number.isFinite(poll.seconds) || poll.seconds < shortest || poll.seconds > longest) throw problem('error.pollLength')
  return { options, multiple: poll.multiple, hideTotals: poll.hideTotals, endsAt: new Date(now.getTime() + poll.seconds * 1000) }
}

/** Votes, once and for all; `positions` count from 0. */
export async function votePoll(app: App, viewer: Account, postId: PostId, positions: number[]): Promise<PostView> {
  requireVoice(viewer)
  await app.limits.use(reactions, viewer.id)
  const post = await originalOf(app, viewer, postId)
  const chosen = [...new Set(positions)]
  await app.database.inTransaction(async (tx) => {
    const poll = await lockPoll(tx, post.id)
    if (!poll || post.state !== 'published') throw notFound()
    if (poll.ends_at <= app.now()) throw conflict('pollEnded')
    if (chosen.length === 0 || (!poll.multiple && chosen.length > 1) || !chosen.every((at) => Number.isInteger(at) && at >= 0 && at < poll.options)) throw invalidForm([{ field: 'choice', message: 'error.pollChoice' }])
    if (await hasVoted(tx, poll.id, viewer.id)) throw conflict('alreadyVoted')
    await insertVotes(tx, poll.id, viewer.id, chosen, app.now())
  })
  return seePost(app, viewer, post.id)
}

/** The job that runs each minute: tells, once, of each poll that has ended. */
export async function endPolls(app: App): Promise<void> {
  const batch = 100
  for (;;) {
    const ended = await app.database.inTransaction(async (tx) => {
      const polls = await takeEndedPolls(tx, app.now(), batch)
      for (const poll of polls) await app.record(tx, { type: 'poll.ended', pollId: poll.id, postId: poll.post_id })
      return polls.length
    })
    if (ended < batch) return
  }
}
