import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { openSeal } from '#server/platform/seal/index.ts'
import type { Seal } from '#server/platform/seal/index.ts'

/** As Standard Webhooks writes them: 'whsec_' and 32 bytes in base64. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** Secrets must be read again to sign, so they lie sealed. */
export function webhookSeal(app: App): Promise<Seal> {
  const known = app.caches.get('webhooks.seal') as Promise<Seal> | undefined
  if (known) return known
  const made = openSeal(join(app.config.dataFolder, 'keys', 'webhooks'))
  app.caches.set('webhooks.seal', made)
  made.catch(() => app.caches.delete('webhooks.seal'))
  return made
}
