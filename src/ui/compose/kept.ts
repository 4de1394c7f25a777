import type { KeptSending } from './upload.svelte.ts'
import type { Audience } from '#server/domain/posts/index.ts'

/** A poll while it is being written. */
export type PollDraft = { options: string[]; multiple: boolean; hideTotals: boolean; seconds: number }
/** What is kept of a post that isn't sent yet: everything needed to go on after a crash. */
export type KeptDraft = {
  text: string
  warning: string | null
  audience: Audience
  language: string
  poll: PollDraft | null
  /** uploads that the server already has, in order */
  mediaIds: string[]
  /** files that were under way, after those, to go on with */
  sending: KeptSending[]
  /** the same key makes the same post: a send whose answer was lost isn't posted twice */
  key: string
  /** ms since 1970 */
  at: number
}
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const longest = 30 * 86_400_000
const name = (owner: string, context: string) => `hearth:draft:${owner}:${context}`

/** The draft of this member in this place ('new', 'reply:ID', 'edit:ID'); null when there is none, it is old or damaged. */
export function readDraft(store: Store, owner: string, context: string, now = Date.now()): KeptDraft | null {
  try {
    const kept = JSON.parse(store.getItem(name(owner, context)) ?? 'null') as Partial<KeptDraft> | null
    if (!kept || typeof kept.text !== 'string' || typeof kept.key !== 'string' || !Array.isArray(kept.mediaIds)) return null
    if (now - (kept.at ?? 0) > longest) return null
    return { warning: null, audience: 'members', language: '', poll: null, at: 0, sending: [], ...kept } as KeptDraft
  } catch {
    return null
  }
}

/** Keeps a draft, or forgets it when nothing is in it. A full or forbidden storage is no reason to fail. */
export function keepDraft(store: Store, owner: string, context: string, draft: KeptDraft): void {
  try {
    if (isEmpty(draft)) store.removeItem(name(owner, context))
    else store.setItem(name(owner, context), JSON.stringify(draft))
  } catch { /* private windows may refuse; the text is still on the page */ }
}

export function forgetDraft(store: Store, owner: string, context: string): void {
  try { store.removeItem(name(owner, context)) } catch { /* as above */ }
}

export const isEmpty = (draft: Pick<KeptDraft, 'text' | 'warning' | 'poll' | 'mediaIds'> & { sending?: KeptSending[] }) =>
  draft.text.trim() === '' && !draft.warning && draft.mediaIds.length === 0 && !draft.sending?.length && !draft.poll?.options.some(Boolean)

/** A key for one post. (`crypto.randomUUID` is missing on plain http addresses.) */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
