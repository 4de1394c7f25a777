import type { CompiledMessage } from 'icu-minify/format'
import type { Locale } from './locales.ts'
import type { MessageKey } from './keys.ts'

/** Messages of one language, compiled: ready for `translator`. */
export type Catalogue = Partial<Record<MessageKey, CompiledMessage>>
/** reading: pages that are read, before anybody acts · rest: what else members' pages say · core: both · staff: settings, owner's and moderators' pages · letters: mail (server only) */
export type Group = Part | 'core'
type Part = 'reading' | 'rest' | 'staff' | 'letters'

const files: Record<Locale, Record<Part, () => Promise<{ default: object }>>> = {
  en: { reading: () => import('./en/reading.ts'), rest: () => import('./en/rest.ts'), staff: () => import('./en/staff.ts'), letters: () => import('./en/letters.ts') },
  ar: { reading: () => import('./ar/reading.ts'), rest: () => import('./ar/rest.ts'), staff: () => import('./ar/staff.ts'), letters: () => import('./ar/letters.ts') },
}
const loaded = new Map<string, Promise<Catalogue>>()

/** One language's messages of one group; read once, then kept. */
export function loadCatalogue(locale: Locale, group: Group = 'core'): Promise<Catalogue> {
  const key = `${locale} ${group}`
  let promise = loaded.get(key)
  if (!promise) {
    promise = group === 'core' ? Promise.all([loadCatalogue(locale, 'reading'), loadCatalogue(locale, 'rest')]).then(([reading, rest]) => ({ ...reading, ...rest })) : files[locale][group]().then((file) => compiled(file.default as Record<string, unknown>))
    loaded.set(key, promise)
    // Asked again where the line broke.
    promise.catch(() => loaded.delete(key))
  }
  return promise
}

/** The page bundle holds compiled messages (see vite.config.ts); on the server they are compiled here. */
async function compiled(messages: Record<string, unknown>): Promise<Catalogue> {
  if (import.meta.env && !import.meta.env.SSR) return messages as Catalogue
  const { default: compile } = await import('icu-minify/compile')
  return Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, typeof text === 'string' ? compile(text) : text])) as Catalogue
}
