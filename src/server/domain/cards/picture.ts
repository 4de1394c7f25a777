import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { blobName, keepFile, mediaLimits, picturesOf } from '#server/domain/media/index.ts'
import type { CardPicture } from './queries.ts'
import { selectCardFile } from './queries.ts'

const widest = 1280
const smallest = 48

/** Fetches a card's picture, makes it ours in a few sizes and keeps it. Null where it can't be had or read: a card does without. */
export async function makeCardPicture(app: App, address: string, megabytes: number): Promise<CardPicture | null> {
  const work = join(app.config.dataFolder, 'work')
  await mkdir(work, { recursive: true })
  const folder = await mkdtemp(join(work, 'card-'))
  try {
    const answer = await app.outbound.ask(address, { bytes: megabytes * 1024 * 1024, types: ['image/*', 'application/octet-stream'], seconds: 15, headers: { accept: 'image/*' } })
    if (answer.status >= 300) return null
    const input = join(folder, 'input')
    const made = join(folder, 'made')
    await writeFile(input, answer.body)
    await mkdir(made)
    const picture = await picturesOf(app).make('cards', { input, folder: made, purpose: 'post', format: '', pixels: mediaLimits.pixels, frames: 1 })
    if (picture.width < smallest || picture.height < smallest) return null
    const files = []
    for (const one of picture.files) {
      if (!one.name.startsWith('still') && !one.file.startsWith('still')) continue
      if (one.width === null || one.height === null || (one.width > widest && picture.width > widest)) continue
      const { sha256 } = await keepFile(app, join(made, one.file))
      files.push({ name: one.file, sha256, mime: one.mime, width: one.width, height: one.height })
    }
    if (files.length === 0) return null
    return { key: randomBytes(16).toString('base64url'), width: picture.width, height: picture.height, thumbhash: picture.thumbhash, colour: picture.colour, files }
  } catch (error) {
    app.log.debug('a card does without its picture', { error: error instanceof Error ? error.message : String(error) })
    return null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** One file of a card's picture. What it shows was on the open web: anybody may have it. */
export async function cardFile(app: App, key: string, name: string): Promise<{ mime: string; name: string; tag: string; bytes: number; everybody: true; seconds: null } | undefined> {
  const found = await selectCardFile(app.database.queries, key, name)
  return found && { mime: found.mime, name: blobName(found.sha256), tag: found.sha256.toString('hex').slice(0, 32), bytes: found.bytes, everybody: true, seconds: null }
}
