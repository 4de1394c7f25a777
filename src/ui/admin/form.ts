import type { SubmitFunction } from '$app/forms'

/** What our form actions answer: a failure that keeps what was typed, or what was done. */
export type FormState = { code?: string; params?: Record<string, string | number>; problems?: { field: string; message: string; params?: Record<string, string | number> }[]; values?: Record<string, string>; done?: string; id?: string } | null | undefined

/** For `use:enhance`: what was typed stays after it was saved. */
export const keep: SubmitFunction = () => ({ update }) => update({ reset: false })

/** '2026-03-01T10:00' as <input type="datetime-local"> wants it, in UTC. */
export const inputTime = (iso: string | null | undefined) => (iso ? iso.slice(0, 16) : '')
