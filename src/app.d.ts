import type { App as HearthApp } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Locale } from '#i18n/locales.ts'

declare global {
  namespace App {
    interface Locals {
      app: HearthApp
      viewer: Account | null
      /** signed in, but suspended: for reading why, objecting and taking one's words along, nothing else */
      suspended: Account | null
      sessionId: string | null
      locale: Locale
      requestId: string
      /** why nothing can be done just now */
      trouble?: unknown
    }
    interface Error {
      message: string
      code?: string
      params?: Record<string, string | number>
      requestId?: string
    }
  }
}
export {}
