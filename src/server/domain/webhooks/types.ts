import type { Id } from '#server/platform/ids/index.ts'

export type WebhookId = Id<'webhook'>
export type DeliveryId = Id<'delivery'>

/** What can be told. docs/webhooks.md says what each brings. */
export const webhookEvents = ['status.created', 'status.updated', 'status.removed', 'account.created', 'account.approved', 'account.updated', 'account.suspended', 'account.deleted', 'report.created', 'report.updated', 'decision.made', 'decision.reversed', 'appeal.created', 'appeal.decided'] as const
export type WebhookEvent = (typeof webhookEvents)[number]
/** 'ping' is told only when the owner presses the button. */
export type Told = WebhookEvent | 'ping'

export type WebhookDraft = { url: string; events: string[]; allAudiences?: boolean }
export type WebhookView = {
  id: WebhookId
  url: string
  events: WebhookEvent[]
  allAudiences: boolean
  paused: 'owner' | 'failing' | 'notAllowed' | /** the key it was sealed with is gone */ 'secretLost' | null
  failingSince: string | null
  /** until when the secret before this one signs as well */
  formerUntil: string | null
  createdAt: string
  last: { event: string; state: DeliveryState; at: string } | null
}
export type DeliveryState = 'waiting' | 'delivered' | 'failed'
export type DeliveryView = { id: DeliveryId; event: Told; state: DeliveryState; tries: number; status: number | null; tookMs: number | null; error: string | null; answer: string; payload: string; createdAt: string; triedAt: string | null; nextAt: string | null }
