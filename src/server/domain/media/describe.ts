import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { screenWords } from '#server/domain/instance/index.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanText, countCharacters } from '#server/platform/text/count.ts'
import { limits } from './limits.ts'
import { selectOwn, updateWords } from './queries.ts'
import { addressFor } from './sign.ts'
import type { MediaView } from './types.ts'
import { presentMedia } from './view.ts'

/** What is left out stays as it is. Focus runs from -1 to 1, the middle is 0. */
export type MediaWords = { description?: string; title?: string; artist?: string; album?: string; focus?: { x: number; y: number } }

/** The member's own words about their upload: alt text (1,500 characters), music tags, the point that matters. */
export async function describeMedia(app: App, owner: Account, id: string, words: MediaWords): Promise<MediaView> {
  const row = await ownMedia(app, owner, id)
  const problems: FieldProblem[] = []
  const text = (field: 'description' | 'title' | 'artist' | 'album', most: number, before: string) => {
    if (words[field] === undefined) return before
    const clean = cleanText(words[field]).trim()
    if (countCharacters(clean) > most) problems.push({ field, message: 'error.textTooLong', params: { most } })
    return clean
  }
  const description = text('description', limits.descriptionCharacters, row.description)
  // Only what was said: the file's own tags may be written in this moment.
  const tags: Record<string, string> = {}
  for (const name of ['title', 'artist', 'album'] as const) {
    if (words[name] !== undefined) tags[name] = text(name, limits.tagCharacters, '')
  }
  if (problems.length) throw invalidForm(problems)
  const bound = (value: number | undefined, before: number) => value === undefined || !Number.isFinite(value) ? before : Math.max(-1, Math.min(1, value))
  const focusX = bound(words.focus?.x, row.focus_x)
  const focusY = bound(words.focus?.y, row.focus_y)
  const fresh = [...description === row.description ? [] : [description], ...Object.values(tags)]
  const screened = await screenWords(app, { subject: 'media', accountId: owner.id, parts: fresh, mediaId: row.id })
  await app.database.inTransaction(async (tx) => {
    await updateWords(tx, owner.id, row.id, { description, focusX, focusY, tags })
    await screened.after?.(tx)
  })
  return presentMedia({ ...row, description, tags: { ...row.tags, ...tags }, focus_x: focusX, focus_y: focusY }, await addressFor(app, owner.id))
}

/** One's own upload, as it stands now. */
export async function seeMedia(app: App, owner: Account, id: string): Promise<MediaView> {
  return presentMedia(await ownMedia(app, owner, id), await addressFor(app, owner.id))
}

/** The post one's own upload belongs to; null while none does. */
export const postOfMedia = async (app: App, owner: Account, id: string): Promise<string | null> => (await ownMedia(app, owner, id)).post_id

/** The row of one's own upload; whoever asks for another's hears that it is gone. */
export async function ownMedia(app: App, owner: Account, id: string) {
  const row = isId(id) ? await selectOwn(app.database.queries, owner.id, id) : undefined
  if (!row) throw notFound('uploadGone')
  return row
}
