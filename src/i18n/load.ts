import type { CompiledMessage } from 'icu-minify/format'
import type { Locale } from './locales.ts'
import type { MessageKey } from './keys.ts'

/** Messages of one language, compiled: ready for `translator`. */
export type Catalogue = Partial<Record<MessageKey, CompiledMessage>>
/** core: every page · staff: settings, owner's and moderators' pages · letters: mail (server only) */
export type Group = 'core' | 'staff' | 'letters'

const files: Record<Locale, Record<Group, () => Promise<{ default: object }>>> = {
  en: { core: () => import('./en/core.ts'), staff: () => import('./en/staff.ts'), letters: () => import('./en/letters.ts') },
  ar: { core: () => import('./ar/core.ts'), staff: () => import('./ar/staff.ts'), letters: () => import('./ar/letters.ts') },
}
const loaded = new Map<string, Promise<Catalogue>>()

/** One language's messages of one group; read once, then kept. */
export function loadCatalogue(locale: Locale, group: Group = 'core'): Promise<Catalogue> {
  const key = `${locale} ${group}`
  let promise = loaded.get(key)
  if (!promise) loaded.set(key, promise = files[locale][group]().then((file) => compiled(file.default as Record<string, unknown>)))
  return promise
}

/** The page bundle holds compiled messages (see vite.config.ts); on the server they are compiled here. */
async function compiled(messages: Record<string, unknown>): Promise<Catalogue> {
  if (import.meta.env && !import.meta.env.SSR) return messages as Catalogue
  const { default: compile } = await import('icu-minify/compile')
  return Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, typeof text === 'string' ? compile(text) : text])) as Catalogue
}
