import type { Token } from './token.ts'

/** `insert`: what goes into the text. */
export type Suggestion = { insert: string; name: string; detail?: string; picture?: string; emoji?: string; count?: number }

/** What could be meant. Null when the network fails: then nothing is offered, and writing goes on. */
export async function suggest(token: Token, signal: AbortSignal): Promise<Suggestion[] | null> {
  if (token.kind === 'emoji') {
    const [{ findEmojis }, { ownEmojis }] = await Promise.all([import('./emojis.ts'), import('./own-emojis.ts')])
    const query = token.query.toLowerCase()
    const own = (await ownEmojis()).filter((one) => one.shortcode.includes(query)).slice(0, 6).map((one) => ({ insert: `:${one.shortcode}:`, name: `:${one.shortcode}:`, picture: one.url }))
    return [...own, ...findEmojis(token.query).map(({ emoji, name }) => ({ insert: emoji, name: `:${name}:`, emoji }))]
  }
  try {
    const response = await fetch(`/compose/complete?kind=${token.kind}&q=${encodeURIComponent(token.query)}`, { signal, headers: { accept: 'application/json' } })
    return response.ok ? await response.json() as Suggestion[] : null
  } catch {
    return null
  }
}
