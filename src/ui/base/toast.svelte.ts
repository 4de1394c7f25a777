export type Toast = { id: number; message: string; undo?: () => unknown; link?: { href: string; label: string } }

const most = 3
let last = 0
/** What is said at the moment, oldest first. Only ever filled in the browser. */
export const toasts = $state<Toast[]>([])

/**
 * Says something in passing, politely, for `seconds` (longer with a button, so that it can be reached).
 * `undo` adds an Undo button; `link` a way to what was made. Returns what takes the toast away early.
 */
export function toast(message: string, { undo, link, seconds = undo || link ? 10 : 5 }: { undo?: () => unknown; link?: Toast['link']; seconds?: number } = {}): () => void {
  const id = ++last
  toasts.push({ id, message, undo, link })
  if (toasts.length > most) toasts.shift()
  setTimeout(() => dropToast(id), seconds * 1000)
  return () => dropToast(id)
}

/** Takes one toast away; nothing happens when it has gone. */
export function dropToast(id: number): void {
  const at = toasts.findIndex((one) => one.id === id)
  if (at >= 0) toasts.splice(at, 1)
}
