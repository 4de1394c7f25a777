import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalid } from '#server/platform/errors.ts'

/** Words that are no post: what a member says of themselves, of a file, of a list. */
export type WordsLook = { subject: 'profile' | 'media' | 'list'; accountId: string; parts: string[]; mediaId?: string }
/** hold: what was wanted waits for a person. `after` is done in the transaction that stores the words; `wanted` is kept for when they may stand. */
export type WordsAnswer = { act: 'pass' | 'hold'; after?: (tx: Tx, wanted?: Record<string, unknown>) => Promise<void> } | { act: 'refuse'; code: string; params?: Record<string, string | number> }
export type WordsPort = (app: App, look: WordsLook) => Promise<WordsAnswer>

const key = 'instance.screenWords'

/** Who is asked before such words are stored. Set once, when the parts are wired. */
export function useWordsScreen(app: App, port: WordsPort): void {
  app.caches.set(key, port)
}

/** What screening makes of these words. Throws what it refuses. Nothing written is nothing to look at. */
export async function screenWords(app: App, look: WordsLook): Promise<Exclude<WordsAnswer, { act: 'refuse' }>> {
  const port = app.caches.get(key) as WordsPort | undefined
  if (!port || look.parts.every((part) => part.trim() === '')) return { act: 'pass' }
  const answer = await port(app, look)
  if (answer.act === 'refuse') throw invalid(answer.code, answer.params)
  return answer
}
