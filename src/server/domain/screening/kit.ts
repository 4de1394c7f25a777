import { z } from 'zod'
import type { App } from '#server/app.ts'
import { selectEntries, selectRules, selectSettings, selectVersion } from './queries-kit.ts'
import type { EntryRow } from './queries-kit.ts'
import type { Rule } from './types.ts'
import { wordFinder } from './words.ts'
import type { WordFinder } from './words.ts'

/** A classifier elsewhere; docs/screening.md has what is asked and answered. */
const classifier = z.strictObject({
  url: z.string().max(500), secret: z.string().max(1_000).default(''), when: z.enum(['before', 'after']).default('after'), seconds: z.number().min(1).max(30).default(5), failing: z.enum(['publish', 'hold']).default('publish'),
})
const settingsShape = z.object({
  /** words of posts for named people are looked at as well; otherwise their links, their pace and their media alone */
  messageWords: z.boolean().default(false),
  classifier: classifier.nullable().default(null),
})
export type ScreeningSettings = z.infer<typeof settingsShape>
export const readSettingsOf = (given: unknown): ScreeningSettings => settingsShape.safeParse(given).data ?? settingsShape.parse({})

export type ListedLink = { listId: string; list: string; action: 'block' | 'warn' | 'allow'; value: string }
/** Rules, lists and settings of one version, ready to be used. */
export type Kit = { version: string; rules: Rule[]; words: WordFinder; listNames: ReadonlyMap<string, string>; domains: ReadonlyMap<string, ListedLink[]>; urls: ReadonlyMap<string, ListedLink[]>; settings: ScreeningSettings }

const key = 'screening.kit'

/** The kit of this version, or of the newest when none is named. Read once and kept until something changes. */
export async function kitOf(app: App, version?: string): Promise<Kit> {
  const wanted = version ?? await selectVersion(app.database.queries)
  const known = app.caches.get(key) as { version: string; kit: Promise<Kit> } | undefined
  if (known?.version === wanted) return known.kit
  const kit = load(app, wanted)
  app.caches.set(key, { version: wanted, kit })
  kit.catch(() => app.caches.delete(key))
  return kit
}

async function load(app: App, version: string): Promise<Kit> {
  const on = app.database.queries
  const [rules, entries, settings] = await Promise.all([selectRules(on), selectEntries(on), selectSettings(on)])
  const links = entries.filter((one) => one.kind === 'links')
  const listed = (how: EntryRow['how']) => Map.groupBy(links.filter((one) => one.how === how), (one) => one.value) as Map<string, EntryRow[]>
  const ready = (found: Map<string, EntryRow[]>) => new Map([...found].map(([value, rows]) => [value, rows.map((row) => ({ listId: row.list_id, list: row.list, action: row.action, value: row.value }))]))
  return {
    version, rules, settings: readSettingsOf(settings),
    words: wordFinder(entries.flatMap((one) => (one.kind === 'words' && (one.how === 'whole' || one.how === 'inside' || one.how === 'pattern') ? [{ id: one.id, listId: one.list_id, value: one.value, how: one.how, exact: one.exact, language: one.language }] : []))),
    listNames: new Map(entries.map((one) => [one.list_id, one.list])), domains: ready(listed('domain')), urls: ready(listed('url')),
  }
}
