/** What a span is told: names from closed lists, numbers; never an address, a name or a text of somebody. */
export type Told = Record<string, string | number | boolean>

/** Who did what within whose request, for those who want to follow it. Without an address to send it to, nothing of this costs anything. */
export type Traces = {
  readonly on: boolean
  /** Runs `work` as a part of what is under way. `tell` adds to it. `links`: what caused it, as `current` said; such work is a trace of its own. */
  span<Result>(name: string, told: Told, work: (tell: (told: Told) => void) => Result, more?: { kind?: 'server' | 'consumer'; links?: string[] }): Result
  /** Something that is over already, as a part of what is under way. */
  note(name: string, told: Told, took: { ms: number; failed: boolean }): void
  /** What is under way, to be named by what it causes (a W3C traceparent); null where nothing is. */
  current(): string | null
  /** Sends what waits. */
  close(): Promise<void>
}

const off: Traces = { on: false, span: (_name, _told, work) => work(() => {}), note() {}, current: () => null, close: async () => {} }

/** Traces by OTLP over HTTP to this address; its programs are loaded only then. */
export async function openTraces(address: string | null, about: { service: string; version: string; onTrouble(error: unknown): void }): Promise<Traces> {
  return address === null ? off : (await import('./otel.ts')).otelTraces(address, about)
}
