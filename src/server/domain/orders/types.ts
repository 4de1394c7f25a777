import type { AccountView } from '#server/domain/accounts/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type OrderId = Id<'order'>
export const orderKinds = ['terrorism', 'national'] as const
export type OrderKind = (typeof orderKinds)[number]
export type OrderState = 'open' | 'stopped' | 'complied' | 'refused' | 'withdrawn'
/** EU 2021/784, Article 2(7)(a) to (e), as Annex I asks them to be ticked. */
export const grounds = ['incites', 'solicits_offence', 'solicits_group', 'instructs', 'threatens'] as const
export type OrderGround = (typeof grounds)[number]
/** EU 2021/784, Article 1(3): what isn't terrorist content. Asked before anything is removed. */
export const purposes = ['none', 'education', 'journalism', 'art', 'research', 'countering', 'debate'] as const
export type Purpose = (typeof purposes)[number]
/** EU 2021/784, Article 3(7) and (8). */
export const stopReasons = ['force_majeure', 'manifest_errors', 'clarification'] as const
export type StopReason = (typeof stopReasons)[number]
/** How a sender is found to be who they say. */
export const senderChecks = ['domain', 'calledBack', 'signature', 'register'] as const
export type SenderCheck = (typeof senderChecks)[number]

/** The EU's member states: there an order about terrorist content holds (EU 2021/784, Article 3(3)). */
export const memberStates = ['AT', 'BE', 'BG', 'HR', 'CY', 'CZ', 'DK', 'EE', 'FI', 'FR', 'DE', 'GR', 'HU', 'IE', 'IT', 'LV', 'LT', 'LU', 'MT', 'NL', 'PL', 'PT', 'RO', 'SK', 'SI', 'ES', 'SE']

/** The fields of Annex I, as an authority fills them in. */
export type OrderForm = {
  kind: OrderKind
  authority: string
  /** two letters */
  country: string
  contactName: string
  contactEmail: string
  contactPhone: string
  reference: string
  /** as the authority dated it, ISO day or empty */
  issuedOn: string
  addresses: string[]
  grounds: OrderGround[]
  why: string
  law: string
  languages: string
  redress: string
  quiet: boolean
  quietWhy: string
  /** where a national order holds, two letters each; the authority's own country where it says nothing */
  territory: string[]
}
export type OrderItem = { position: number; address: string; account: AccountView | null; kind: 'post' | 'profile' | 'unknown'; postId: string | null; excerpt: string; decisionId: string | null; /** where it is withheld now */ withheldIn: string[]; now: string }
export type OrderStep = { act: string; by: string | null; at: string; details: Record<string, unknown> }
export type OrderView = {
  id: OrderId
  test: boolean
  state: OrderState
  form: OrderForm
  items: OrderItem[]
  caseId: string | null
  receivedAt: string
  dueAt: string
  colour: 'late' | 'soon' | 'fine'
  file: { name: string; bytes: number } | null
  confirmedAt: string | null
  checks: Partial<Record<SenderCheck, { by: string; at: string }>>
  verifiedAt: string | null
  purpose: Purpose | null
  purposeWords: string
  quietUntil: string | null
  quietExtended: boolean
  stop: { reason: StopReason; words: string; at: string } | null
  /** where the order holds */
  territory: string[]
  /** how it was carried out: in these countries; empty: for everybody */
  doneIn: string[]
  doneAt: string | null
  doneBy: AccountView | null
  review: 'asked' | 'upheld' | 'annulled' | null
  reviewUntil: string | null
  reinstatedAt: string | null
  finalAt: string | null
  steps: OrderStep[]
}
export type OrderLine = { id: OrderId; test: boolean; kind: OrderKind; state: OrderState; authority: string; country: string; reference: string; receivedAt: string; dueAt: string; colour: 'late' | 'soon' | 'fine'; items: number; review: OrderView['review']; finalAt: string | null }
/** An order whose time runs, for the banner on every page of those who moderate. */
export type OpenOrder = { id: OrderId; test: boolean; authority: string; dueAt: string }
/** Orders of a period, without tests: for the record that everybody may read. */
export type OrderCounts = { received: number; complied: number; refused: number; withdrawn: number; /** the hour stands still (EU 2021/784, Article 3(7) and (8)) */ stopped: number; open: number; inTime: number; addresses: number; reinstated: number; /** from receipt to the act; null where none was carried out */ medianMinutes: number | null }
export type OrderFigures = { all: OrderCounts; groups: (OrderCounts & { country: string; kind: OrderKind })[] }

/** How authorities and members reach this community (EU 2021/784, Article 15; DSA, Articles 11 to 13). */
export type LegalProfile = {
  /** where the provider is established, two letters */
  country: string
  email: string
  phone: string
  address: string
  /** languages that orders and letters are taken in, two letters */
  languages: string[]
  /** of those outside the EU: who represents them there */
  representative: string
  /** the authority of the home country */
  authority: string
  hours: string
  /** countries whose duties the owner switched on: whom to tell, by when */
  duties: string[]
}
