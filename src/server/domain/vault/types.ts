import type { AccountView } from '#server/domain/accounts/index.ts'
import type { Category } from '#server/domain/cases/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type VaultId = Id<'vault'>
export type OpeningId = Id<'opening'>
/** Counts and sizes: what may be known without opening it. */
export type VaultFacts = { posts?: number; files?: number; fileBytes?: number; edits?: number; /** files that the rows speak of and storage hasn't */ missing?: number }
export type Opening = { id: OpeningId; askedBy: AccountView | null; reason: string; askedAt: string; agreedBy: AccountView | null; alone: boolean; endsAt: string | null; /** the viewer asked, a second one agreed, and its time isn't over */ mayTake: boolean; /** the viewer may say yes */ mayAgree: boolean }
export type VaultLine = {
  id: VaultId
  caseId: string | null
  orderId: string | null
  account: AccountView | null
  category: Category
  scope: 'case' | 'account'
  state: 'waiting' | 'sealed' | 'failed' | 'destroyed'
  error: string
  facts: VaultFacts
  sha256: string | null
  bytes: number
  keepUntil: string
  extended: boolean
  hold: string
  createdAt: string
  destroyedAt: string | null
  openings: Opening[]
}
