import type { Files } from './types.ts'

export type PlaceName = 'disk' | 's3'
export type Places = Partial<Record<PlaceName, Files>> & { disk: Files }

/** The folder of files that are named by their own SHA-256. Everything else is on its way in. */
export const byHash = 'by-hash'

/**
 * One storage out of several: files named by their hash are written to the home, and read from wherever they are, home first, so
 * that they can be moved while people look at them. `home` is asked each time. Files on their way in are on the disk; with `shared`, where
 * others take them from there, they go the same way as the rest.
 */
export function storagePlaces(places: Places, home: () => Promise<PlaceName>, { shared = false } = {}): Files {
  const homeOf = async (): Promise<Files> => {
    const name = await home()
    const found = places[name]
    if (!found) throw new Error(`Media is kept in ${name}, but its settings (S3_ENDPOINT, S3_BUCKET, …) are missing.`)
    return found
  }
  const inOrder = async (): Promise<Files[]> => {
    const first = await homeOf()
    return [first, ...Object.values(places).filter((one) => one !== first)]
  }
  const named = (name: string) => shared || name === byHash || name.startsWith(`${byHash}/`)
  /** Twice: between two looks a file may have been moved to where we looked first. */
  const anywhere = async <Found>(name: string, ask: (files: Files) => Promise<Found | undefined>): Promise<Found | undefined> => {
    if (!named(name)) return ask(places.disk)
    const order = await inOrder()
    for (const files of order.length > 1 ? [...order, ...order] : order) {
      const found = await ask(files)
      if (found !== undefined) return found
    }
    return undefined
  }
  async function* everywhere<One>(ask: (files: Files) => AsyncIterable<One>, nameOf: (one: One) => string, below?: string): AsyncIterable<One> {
    const order = below && !named(below) ? [places.disk] : await inOrder()
    // Copies are told once; names are kept in mind only within a folder, and where there may be copies.
    const seen = below && order.length > 1 ? new Set<string>() : undefined
    for (const files of order) {
      for await (const one of ask(files)) {
        if (seen?.has(nameOf(one))) continue
        seen?.add(nameOf(one))
        yield one
      }
    }
  }
  return {
    put: async (name, content) => (named(name) ? await homeOf() : places.disk).put(name, content),
    read: (name, range) => anywhere(name, (files) => files.read(name, range)),
    stat: (name) => anywhere(name, (files) => files.stat(name)),
    async remove(name) {
      for (const files of named(name) ? await inOrder() : [places.disk]) await files.remove(name)
    },
    async localPath(name, folder) {
      const found = await anywhere(name, async (files) => await files.stat(name) ? files : undefined)
      return (found ?? places.disk).localPath(name, folder)
    },
    list: (below) => everywhere((files) => files.list(below), (name) => name, below),
    entries: (below) => everywhere((files) => files.entries(below), ({ name }) => name, below),
    async tidy(before) { for (const files of await inOrder()) await files.tidy(before) },
  }
}
