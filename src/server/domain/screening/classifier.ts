import { z } from 'zod'
import type { App } from '#server/app.ts'
import { openCase } from '#server/domain/cases/index.ts'
import { publishWhenReady, setPostState } from '#server/domain/posts/index.ts'
import { isFetchError } from '#server/platform/fetch/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { kitOf } from './kit.ts'
import type { ScreeningSettings } from './kit.ts'
import { linksIn } from './links.ts'
import { lookOf, screenAgain } from './post.ts'
import { selectStored } from './queries-facts.ts'
import { classifierSeal } from './settings.ts'
import { endWait, hasOpenHold, upsertScores } from './queries-later.ts'

const answerShape = z.object({ scores: z.record(z.string().min(1).max(60), z.number().min(0).max(1)).refine((scores) => Object.keys(scores).length <= 50) })
type Asked = NonNullable<ScreeningSettings['classifier']>

/**
 * Job: asks the owner's classifier about a post (docs/screening.md has the question and the answer) and lets the rules look again with
 * its scores. A post that waited for the answer is published, or stays with a person. Where no answer comes, the owner's choice holds
 * at once, and it is asked again later.
 */
export async function askClassifier(app: App, postId: string, last: boolean): Promise<void> {
  const { settings: { classifier } } = await kitOf(app)
  const [row] = isId(postId) ? await selectStored(app.database.queries, [postId]) : []
  if (!row) return
  const scores = classifier && row.audience !== 'mentioned' ? await ask(app, classifier, row.id) : {}
  if (scores) {
    await upsertScores(app.database.queries, row.id, scores, app.now())
    await screenAgain(app, row.id, ['score'])
    return goOn(app, row.id)
  }
  if (classifier?.failing === 'publish' || !classifier) await goOn(app, row.id)
  else if (last) await leaveToPerson(app, row.id)
  if (!last) throw new Error('the classifier did not answer')
}

/** Its scores by label; null where it didn't answer in time or as agreed. */
async function ask(app: App, classifier: Asked, postId: string): Promise<Record<string, number> | null> {
  const [row] = await selectStored(app.database.queries, [postId])
  if (!row) return {}
  const look = await lookOf(app, row)
  const secret = classifier.secret ? (await classifierSeal(app)).unseal(Buffer.from(classifier.secret, 'base64')) : null
  const question = { version: 1, kind: 'post', id: row.id, text: look.text, language: look.language, links: linksIn(look.text).map((link) => link.address), media: look.mediaIds.length }
  try {
    const answer = await app.outbound.ask(classifier.url, {
      method: 'POST', body: Buffer.from(JSON.stringify(question)), bytes: 20_000, seconds: classifier.seconds, redirects: 0, secure: true, types: ['application/json'],
      headers: { 'content-type': 'application/json', accept: 'application/json', ...secret ? { authorization: `Bearer ${secret}` } : {} },
    })
    if (answer.status !== 200) return null
    const read = answerShape.safeParse(JSON.parse(answer.body.toString('utf8')))
    return read.success ? read.data.scores : null
  } catch (error) {
    if (isFetchError(error) || error instanceof SyntaxError) return null
    throw error
  }
}

/** What waited for the answer alone is published; what a rule holds waits for a person. */
async function goOn(app: App, postId: string): Promise<void> {
  const published = await app.database.inTransaction(async (tx) => {
    if (!await endWait(tx, postId) || await hasOpenHold(tx, postId)) return false
    await setPostState(app, postId, 'published', tx)
    return true
  })
  if (published) await publishWhenReady(app, postId)
}

async function leaveToPerson(app: App, postId: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const [row] = await selectStored(tx, [postId])
    if (!row || !await endWait(tx, postId)) return
    await openCase(app, tx, { source: 'screening', kind: 'hold', accountId: row.author_id, category: 'other', postIds: [row.id], summary: 'held because the classifier did not answer', details: { screening: true, outcome: 'hold' } })
  })
}
