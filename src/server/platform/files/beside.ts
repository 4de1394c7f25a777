import type { Files } from './types.ts'

/** Two places as one: what is named below `folder` lies in `other`, under the rest of its name. For backups, which copy both. */
export function besideFiles(main: Files, folder: string, other: Files): Files {
  const prefix = `${folder}/`
  const at = (name: string): [Files, string] => name.startsWith(prefix) ? [other, name.slice(prefix.length)] : [main, name]
  const named = async function* <Thing>(things: AsyncIterable<Thing>, rename: (thing: Thing) => Thing) { for await (const one of things) yield rename(one) }
  return {
    put: (name, content) => { const [files, own] = at(name); return files.put(own, content) },
    read: (name, range) => { const [files, own] = at(name); return files.read(own, range) },
    stat: (name) => { const [files, own] = at(name); return files.stat(own) },
    remove: (name) => { const [files, own] = at(name); return files.remove(own) },
    localPath: (name, work) => { const [files, own] = at(name); return files.localPath(own, work) },
    async *list(below) {
      yield* main.list(below)
      if (below === undefined) yield* named(other.list(), (name) => prefix + name)
    },
    async *entries(below) {
      yield* main.entries(below)
      if (below === undefined) yield* named(other.entries(), (file) => ({ ...file, name: prefix + file.name }))
    },
    tidy: (before) => main.tidy(before),
  }
}
