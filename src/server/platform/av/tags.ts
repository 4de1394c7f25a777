// Runs in a child process only.
import { parseFile, selectCover } from 'music-metadata'

export type Tags = { title?: string; artist?: string; album?: string }

/** Title, artist, album and cover; nothing else of the tags is kept. A file with odd tags still plays. */
export async function readTags(path: string): Promise<{ tags: Tags; cover: Uint8Array | null }> {
  try {
    const { common } = await parseFile(path, { duration: false })
    const tag = (text: string | undefined) => text?.toWellFormed().replace(/\p{Cc}/gu, ' ').trim().slice(0, 200)
    const tags = Object.fromEntries(Object.entries({ title: tag(common.title), artist: tag(common.artist), album: tag(common.album) }).filter(([, value]) => value))
    return { tags, cover: selectCover(common.picture)?.data ?? null }
  } catch {
    return { tags: {}, cover: null }
  }
}
