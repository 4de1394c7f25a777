export type OwnEmoji = { shortcode: string; category: string; url: string }

let asked: Promise<OwnEmoji[]> | undefined

/** The community's own emoji; asked for once a page. None where the network fails. */
export function ownEmojis(): Promise<OwnEmoji[]> {
  asked ??= fetch('/compose/emojis', { headers: { accept: 'application/json' } }).then((response) => (response.ok ? response.json() as Promise<OwnEmoji[]> : [])).catch(() => { asked = undefined; return [] })
  return asked
}
