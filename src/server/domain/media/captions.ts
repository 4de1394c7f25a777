import { randomBytes } from 'node:crypto'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { invalid, invalidForm, notFound } from '#server/platform/errors.ts'
import type { Id } from '#server/platform/ids/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanText } from '#server/platform/text/count.ts'
import { captionLimits, isCaptionProblem, readCaptions, writeCaptions } from './captions-text.ts'
import { ownMedia } from './describe.ts'
import { storedName } from './files.ts'
import { deleteCaptions, lockMedia, selectCaptions, upsertCaptions } from './queries-captions.ts'

export type CaptionsId = Id<'captions'>
/** captions: also what is heard besides words; subtitles: a translation; descriptions: what is seen, for those who don't see it. */
export type CaptionKind = 'captions' | 'subtitles' | 'descriptions'
export const captionKinds: CaptionKind[] = ['captions', 'subtitles', 'descriptions']
export type Captions = { id: CaptionsId; language: string; kind: CaptionKind; label: string; /** WebVTT */ text: string }
export type CaptionsDraft = { language: string; kind: string; label?: string; /** WebVTT or SubRip */ text: string }

export const captionsLimit = { name: 'captions', most: 300, seconds: 3600 }

/** The captions of one's own film or recording. */
export async function captionsOf(app: App, owner: Account, mediaId: string): Promise<Captions[]> {
  const media = await ownMedia(app, owner, mediaId)
  return (await selectCaptions(app.database.queries, media.id)).map(({ id, language, kind, label, vtt }) => ({ id, language, kind, label, text: vtt }))
}

/**
 * Keeps captions in one language, in place of those there were. What is not plain text with times is left out.
 * Throws a form error naming `text` (with its `line`), `language` or `kind`.
 */
export async function saveCaptions(app: App, owner: Account, mediaId: string, draft: CaptionsDraft): Promise<void> {
  const media = await ownMedia(app, owner, mediaId)
  if (media.kind !== 'video' && media.kind !== 'audio') throw invalid('badValue')
  await app.limits.use(captionsLimit, owner.id)
  const kind = captionKinds.find((one) => one === draft.kind)
  const language = languageOf(draft.language)
  if (!kind) throw invalidForm([{ field: 'kind', message: 'error.choose' }])
  if (!language) throw invalidForm([{ field: 'language', message: 'error.badLanguage' }])
  const vtt = written(draft.text)
  const file = `captions-${randomBytes(9).toString('hex')}.vtt`
  // The file first: a row never names one that isn't there, and what is left by a crash goes with its folder.
  await app.files.put(storedName(media.key, file), Buffer.from(vtt))
  const before = await app.database.inTransaction(async (tx) => {
    await lockMedia(tx, media.id)
    const known = await selectCaptions(tx, media.id)
    const same = known.find((one) => one.language === language && one.kind === kind)
    if (!same && known.length >= captionLimits.languages) throw invalidForm([{ field: 'language', message: 'error.captionsLanguages', params: { most: captionLimits.languages } }])
    const label = cleanText(draft.label ?? '').trim().slice(0, 100)
    await upsertCaptions(tx, { id: app.newId<'captions'>() as CaptionsId, media_id: media.id, language, kind, label, vtt, file }, app.now())
    await app.bus.publish(tx, { type: 'media', accountId: owner.id, mediaId: media.id })
    return same?.file
  })
  if (before) await app.files.remove(storedName(media.key, before)).catch(() => {})
}

/** Takes captions away; missing ones are fine. */
export async function removeCaptions(app: App, owner: Account, mediaId: string, captionsId: string): Promise<void> {
  const media = await ownMedia(app, owner, mediaId)
  if (!isId(captionsId)) throw notFound()
  const file = await deleteCaptions(app.database.queries, media.id, captionsId)
  if (file) await app.files.remove(storedName(media.key, file)).catch(() => {})
}

/** The tag as it is written everywhere ('pt-BR'), or undefined for what is none. */
function languageOf(given: string): string | undefined {
  try {
    const [tag] = Intl.getCanonicalLocales(given.trim())
    return tag && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) && tag.length <= 35 ? tag : undefined
  } catch {
    return undefined
  }
}

function written(text: string): string {
  const problem = (message: string, params: Record<string, number> = {}) => invalidForm([{ field: 'text', message: `error.${message}`, params }])
  if (text.length > captionLimits.characters) throw problem('textTooLong', { most: captionLimits.characters })
  try {
    const vtt = writeCaptions(readCaptions(text))
    if (Buffer.byteLength(vtt) > 600_000) throw problem('textTooLong', { most: captionLimits.characters })
    return vtt
  } catch (error) {
    if (isCaptionProblem(error)) throw problem(error.problem, { line: error.line, most: captionLimits.cues })
    throw error
  }
}
