/** What may be told by push, in apps' words. */
export const alertTypes = ['mention', 'status', 'reblog', 'follow', 'follow_request', 'favourite', 'poll', 'update', 'quote', 'quoted_update', 'moderation_warning', 'admin.sign_up', 'admin.report'] as const
export type AlertType = typeof alertTypes[number]
export type Alerts = Record<AlertType, boolean>
/** Of whom: everybody, whom the member follows, who follows the member, nobody. */
export type PushPolicy = 'all' | 'followed' | 'follower' | 'none'

/** What a subscription belongs to and ends with: an app's token (whose text its messages carry), or a signed-in browser. */
export type PushDevice = { tokenId: string; token: string } | { sessionId: string }
export type DeviceId = { tokenId: string } | { sessionId: string }

export type PushSubscription = { id: string; endpoint: string; standard: boolean; alerts: Alerts; policy: PushPolicy; /** the server's public key, base64url */ serverKey: string }
/** What a browser or an app hands in; `keys` in base64 or base64url. */
export type NewSubscription = { endpoint: string; keys: { p256dh: string; auth: string }; standard?: boolean }
export type PushWishes = { alerts?: Partial<Alerts>; policy?: PushPolicy }
