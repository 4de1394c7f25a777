import type { App } from '#server/app.ts'
import type { Parsed } from '../formats/index.ts'

/** One answer of another machine: what changed, and from where to go on. */
export type UpdatePage = {
  rows: Parsed[]
  /** where the next update begins, once this page is taken over; null: where the last one began */
  checkpoint: string | null
  /** the source forgot how we stood with it: what this whole update doesn't name is withdrawn */
  fresh?: boolean
}
export type Field = { name: string; secret: boolean; /** what stands there first */ preset?: string; kind: 'text' | 'url' | 'number' | 'choice'; choices?: string[] }
export type Asking = { ask(address: string, more?: { headers?: Record<string, string>; form?: Record<string, string> }): Promise<string>; now: Date }
export type Connector = {
  fields: Field[]
  /** Everything that changed since the checkpoint, a page at a time; throws a ConnectorError or a FetchError. */
  update(asking: Asking, settings: Record<string, string>, secrets: Record<string, string>, checkpoint: string | null): AsyncGenerator<UpdatePage>
}

/** What went wrong, as a stable code whose sentence is under `hashes.trouble.CODE`. */
export type ConnectorError = Error & { connector: true; code: 'refused' | 'notUnderstood' | 'answeredBadly' }
export const connectorError = (code: ConnectorError['code'], detail: string): ConnectorError => Object.assign(new Error(detail), { connector: true as const, code })
export const isConnectorError = (error: unknown): error is ConnectorError => typeof error === 'object' && error !== null && (error as { connector?: unknown }).connector === true

const mostBytes = 32 * 1024 * 1024

/** Asks other machines for a list: always encrypted, bounded, and only through the guarded way out. */
export function askingWith(app: App): Asking {
  return {
    now: app.now(),
    async ask(address, more = {}) {
      const body = more.form ? Buffer.from(new URLSearchParams(more.form).toString()) : undefined
      const answer = await app.outbound.ask(address, {
        method: body ? 'POST' : 'GET', body, bytes: mostBytes, tooLong: 'refuse', seconds: 60, secure: true,
        // Redirects would take the credentials to wherever they lead.
        redirects: 0, headers: { accept: 'application/json, application/xml', ...(body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...more.headers },
      })
      if (answer.status === 401 || answer.status === 403) throw connectorError('refused', `${answer.status}`)
      if (answer.status < 200 || answer.status > 299) throw connectorError('answeredBadly', `${answer.status}`)
      return answer.body.toString('utf8')
    },
  }
}

/** Reads an answer; one in another shape is its sender's trouble, not ours. */
export function understood<Result>(read: () => Result): Result {
  try { return read() } catch (error) { throw connectorError('notUnderstood', (error instanceof Error ? error.message : String(error)).slice(0, 200)) }
}
