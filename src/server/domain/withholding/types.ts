import type { Id } from '#server/platform/ids/index.ts'

export type WithholdingId = Id<'withholding'>
/** Why a reader doesn't see something that others see; 'none' where no authority stands behind it (the community itself, for a law). */
export type Why = { authority: string; reference: string; country: string }
export type Withheld = { id: WithholdingId; postId: string | null; countries: string[]; authority: string; reference: string; decisionId: string | null }
