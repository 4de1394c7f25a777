import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { chosenCover as chosen } from './files.ts'
import type { MediaRow } from './queries.ts'
import { selectMedia, selectMediaOfPosts } from './queries.ts'
import { addressFor, plainAddress } from './sign.ts'
import type { Address } from './sign.ts'
import type { MediaSource, MediaView, Variant } from './types.ts'

/** How these media show; ids that don't exist are left out. Who may see them is the caller's question. With a reader, their addresses are signed for that reader. */
export async function mediaViews(app: App, ids: string[], readerId: string | null = null): Promise<Map<string, MediaView>> {
  const good = [...new Set(ids.filter(isId))]
  if (good.length === 0) return new Map()
  const address = readerId ? await addressFor(app, readerId) : plainAddress
  return new Map((await selectMedia(app.database.queries, good)).map((row) => [row.id, presentMedia(row, address)]))
}

/** The media of posts as this reader may fetch them, each in its order, in one query. What isn't everybody's has addresses signed for the reader. */
export async function mediaOfPosts(app: App, postIds: string[], readerId: string | null = null): Promise<Map<string, MediaView[]>> {
  return (await mediaForReaders(app, postIds)).of(readerId)
}

/** The same for any number of readers, still in one query. `same`: all of it is everybody's, no address is signed. */
export async function mediaForReaders(app: App, postIds: string[]): Promise<{ same: boolean; of(readerId: string | null): Promise<Map<string, MediaView[]>> }> {
  if (postIds.length === 0) return { same: true, of: async () => new Map() }
  const [rows, { readMode }] = await Promise.all([selectMediaOfPosts(app.database.queries, postIds), readSettings(app)])
  const isOpen = (row: (typeof rows)[number]) => row.post_public && readMode === 'everyone'
  return {
    same: rows.every(isOpen),
    async of(readerId) {
      const signed = readerId ? await addressFor(app, readerId) : plainAddress
      const found = new Map<string, MediaView[]>()
      for (const row of rows) {
        const view = presentMedia(row, isOpen(row) ? plainAddress : signed)
        const list = found.get(row.post_id!)
        if (list) list.push(view)
        else found.set(row.post_id!, [view])
      }
      return found
    },
  }
}

/** `address`: how the files are called; plain where their reader brings a session. */
export function presentMedia(row: MediaRow, address: Address = plainAddress): MediaView {
  const ready = row.state === 'ready'
  const variants = ready ? row.variants : []
  const url = (variant: Variant) => address(row.key, variant.file)
  const source = (variant: Variant): MediaSource => ({ url: url(variant), mime: variant.mime, width: variant.width, height: variant.height })
  const cover = variants.some((one) => one.name.startsWith(chosen)) && row.cover && !('none' in row.cover) ? row.cover : null
  const noCover = row.kind === 'audio' && row.cover !== null && 'none' in row.cover
  const stills = (mime: string) => variants.filter((one) => one.name.startsWith(cover ? chosen : 'still') && one.mime === mime).sort((a, b) => (a.width ?? 0) - (b.width ?? 0))
  const set = (list: Variant[]) => list.map((one) => `${url(one)} ${one.width}w`).join(', ')
  const webp = stills('image/webp')
  const avif = stills('image/avif')
  const usual = webp.find((one) => Math.max(one.width ?? 0, one.height ?? 0) >= 640) ?? webp.at(-1)
  const played = variants.filter((one) => one.name.startsWith('play')).map(source)
  const largest = webp.at(-1)
  const named = (name: string) => variants.find((one) => one.name === name)
  const urlOf = (name: string) => { const found = named(name); return found ? url(found) : null }
  const board = named('board')
  const early = ready ? null : row.poster
  const { title = '', artist = '', album = '' } = row.tags
  return {
    id: row.id, kind: row.kind, state: row.state, progress: ready ? 1 : row.progress, error: row.error,
    // A film keeps its own shape.
    ...shapeOf(row, early ?? (row.kind === 'audio' ? cover : null), noCover), duration: row.duration,
    thumbhash: cover?.thumbhash ?? early?.thumbhash ?? (noCover ? null : row.thumbhash?.toString('base64') ?? null), colour: cover?.colour ?? early?.colour ?? (noCover ? null : row.colour), ownCover: cover !== null,
    description: row.description, focus: { x: row.focus_x, y: row.focus_y },
    preview: usual ? { url: url(usual), srcset: set(webp), avifSrcset: set(avif) } : early ? { url: address(row.key, early.file), srcset: '', avifSrcset: '' } : null,
    sources: row.kind === 'image' ? [avif.at(-1), largest].filter((one) => one !== undefined).map(source) : played,
    largeUrl: row.kind === 'animation' ? played[0]?.url ?? null : row.kind === 'audio' || !largest ? null : url(largest),
    music: row.kind === 'audio' ? { title, artist, album } : null,
    waveform: row.waveform,
    film: row.kind === 'video' ? { hls: urlOf('hls'), board: board?.grid ? { ...board.grid, url: url(board) } : null } : null,
    captions: ready ? (row.captions ?? []).map(({ file, ...words }) => ({ ...words, url: address(row.key, file) })) : [],
    losslessUrl: urlOf('lossless'),
  }
}

const shapeOf = (row: MediaRow, cover: { width: number; height: number } | null, none: boolean) => ({ width: none ? null : cover?.width ?? row.width, height: none ? null : cover?.height ?? row.height })
