import type { MessageKey } from '#i18n/keys.ts'

/** `keys`: one key ('j') or two in a row ('g h'), as printed on a Latin keyboard. `label` names it in the list. */
export type Shortcut = { keys: string; label: MessageKey; run: () => void }
/** The part of a KeyboardEvent that matters; so that tests need no browser. */
export type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'timeStamp'>

const patience = 1200 // ms between the two keys of a sequence

/**
 * Reads presses one by one and answers with the shortcut they complete.
 * Keyboards of other scripts work by the place of the key.
 */
export function shortcutReader(shortcuts: () => Shortcut[]): (press: Press) => Shortcut | undefined {
  let first: { key: string; at: number } | undefined
  return (press) => {
    const key = keyOf(press)
    const before = first && press.timeStamp - first.at < patience ? first.key : undefined
    first = undefined
    if (key === undefined) return undefined
    const list = shortcuts()
    const found = (before && list.find((one) => one.keys === `${before} ${key}`)) || list.find((one) => one.keys === key)
    if (!found && list.some((one) => one.keys.startsWith(`${key} `))) first = { key, at: press.timeStamp }
    return found || undefined
  }
}

/** 'j' for the key there, whatever script it types; undefined for combinations and keys without a letter. */
function keyOf({ key, code, ctrlKey, metaKey, altKey }: Press): string | undefined {
  if (ctrlKey || metaKey || altKey) return undefined
  if (key.length === 1 && key >= ' ' && key <= '~') return key.toLowerCase()
  const place = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase()
  if (place) return place
  return key === '؟' ? '?' : code === 'Slash' ? '/' : undefined
}

/** Is somebody typing, or busy in a dialog or a list, so that letters mean letters? */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest('input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable], [role="slider"], dialog') !== null || document.querySelector('dialog:modal') !== null
}

const posts = () => [...document.querySelectorAll<HTMLElement>('main article[data-post]')].filter((post) => post.getClientRects().length > 0)

/** The post that a key acts on: the one with the focus, else the first that can be seen. */
export function currentPost(): HTMLElement | undefined {
  const focused = document.activeElement?.closest<HTMLElement>('article[data-post]')
  return focused ?? posts().find((post) => post.getBoundingClientRect().bottom > 100 && post.getBoundingClientRect().top < innerHeight)
}

/** Moves the focus to the next (1) or previous (-1) post and brings it into view. */
export function stepPost(step: 1 | -1): void {
  const list = posts()
  const focused = document.activeElement?.closest<HTMLElement>('article[data-post]')
  const here = currentPost()
  const post = focused ? list[list.indexOf(focused) + step] : here
  if (!post) return
  post.focus({ preventScroll: true })
  const { top, bottom } = post.getBoundingClientRect()
  if (top < 80 || bottom > innerHeight - 80) scrollTo({ top: scrollY + top - 90, behavior: 'auto' })
}

/** Presses one of a post's buttons ('like', 'boost', 'reply', 'bookmark'). */
export function pressOnPost(act: string): void {
  currentPost()?.querySelector<HTMLElement>(`[data-act="${act}"]`)?.click()
}
