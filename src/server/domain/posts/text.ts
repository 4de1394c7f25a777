import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { mediaViews } from '#server/domain/media/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { cleanText, countCharacters } from '#server/platform/text/count.ts'
import { readText } from '#server/platform/text/render.ts'
import { selectEmojis, selectNamed } from './queries-view.ts'

/** Characters as people count them (one emoji is one). */
export const mostCharacters = 5000
const mostWarning = 300

export type Written = { text: string; html: string; mentionIds: AccountId[]; tags: { name: string; displayName: string }[] }

/** A member's light Markdown as safe HTML, with links to the people, tags and emojis that exist. Stores nothing, never refuses. */
export async function renderText(app: App, text: string): Promise<Written> {
  const clean = cleanText(text)
  const read = readText(clean)
  const [people, emojis] = await Promise.all([
    read.mentions.length ? selectNamed(app.database.queries, read.mentions) : [],
    read.emojis.length ? emojiAddresses(app, read.emojis) : new Map<string, string>(),
  ])
  const html = read.html({ people: new Map(people.map((one) => [one.key, one.username])), emojis })
  return { text: clean, html, mentionIds: people.map((one) => one.id), tags: read.tags }
}

/** Cleans and checks what a form handed in. The problems name the fields `text` and `warning`. */
export function readWritten(given: { text: string; warning?: string }): { text: string; warning: string } {
  const text = cleanText(given.text)
  const warning = cleanText(given.warning ?? '').replace(/\s+/g, ' ')
  const problems = []
  if (text.length > mostCharacters * 20 || countCharacters(text, mostCharacters) > mostCharacters) problems.push({ field: 'text', message: 'error.textTooLong', params: { most: mostCharacters } })
  if (warning.length > mostWarning * 20 || countCharacters(warning, mostWarning) > mostWarning) problems.push({ field: 'warning', message: 'error.textTooLong', params: { most: mostWarning } })
  if (problems.length) throw invalidForm(problems)
  return { text, warning }
}

async function emojiAddresses(app: App, codes: string[]): Promise<Map<string, string>> {
  const rows = await selectEmojis(app.database.queries, codes)
  if (rows.length === 0) return new Map()
  const media = await mediaViews(app, rows.map((row) => row.media_id))
  return new Map(rows.flatMap((row) => {
    const view = media.get(row.media_id)
    const url = view?.preview?.url ?? view?.sources[0]?.url
    return url ? [[row.shortcode, url] as const] : []
  }))
}
