export type * from './types.ts'
export { webhookEvents } from './types.ts'
export { addWebhook, changeWebhook, pauseWebhook, pingWebhook, redeliver, removeWebhook, renewWebhookSecret, webhookById, webhookLog, webhooks } from './manage.ts'
export { deliverWebhook, resumeWebhooks, sweepWebhookLog, tellWebhooks } from './deliver.ts'
