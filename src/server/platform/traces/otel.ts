import { AsyncLocalStorage } from 'node:async_hooks'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import type { Context, Link, Span } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Traces } from './index.ts'

const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER }

export function otelTraces(address: string, about: { service: string; version: string; onTrouble(error: unknown): void }): Traces {
  const exporter = new OTLPTraceExporter({ url: `${address.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 5000 })
  let troubled = 0
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': about.service, 'service.version': about.version, 'service.instance.id': String(process.pid) }),
    spanLimits: { attributeValueLengthLimit: 4000 },
    spanProcessors: [new BatchSpanProcessor({ exporter: {
      // Whoever listens may be away: that is told once a minute, and hurts nobody.
      export: (spans, done) => exporter.export(spans, (result) => {
        if (result.error && Date.now() - troubled > 60_000) { troubled = Date.now(); about.onTrouble(result.error) }
        done(result)
      }),
      shutdown: () => exporter.shutdown(),
    }, maxQueueSize: 4096, maxExportBatchSize: 512, scheduledDelayMillis: 2000 })],
  })
  const tracer = provider.getTracer('hearth', about.version)
  const under = new AsyncLocalStorage<Context>()
  const now = () => under.getStore() ?? ROOT_CONTEXT
  const end = (span: Span, error?: unknown) => {
    // The kind of trouble, not its words: they may quote what somebody wrote.
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) })
    span.end()
  }
  return {
    on: true,
    span(name, told, work, { kind, links } = {}) {
      const within = links ? ROOT_CONTEXT : now()
      const span = tracer.startSpan(name, { kind: kind ? kinds[kind] : SpanKind.INTERNAL, attributes: told, links: links?.flatMap(linkOf) }, within)
      let result: ReturnType<typeof work>
      try {
        result = under.run(trace.setSpan(within, span), () => work((more) => { span.setAttributes(more) }))
      } catch (error) {
        end(span, error)
        throw error
      }
      if (result instanceof Promise) result.then(() => end(span), (error: unknown) => end(span, error ?? 'failed'))
      else end(span)
      return result
    },
    note(name, told, { ms, failed }) {
      if (!under.getStore()) return
      const at = Date.now()
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: told, startTime: at - ms }, now())
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(at)
    },
    current() {
      const context = trace.getSpan(now())?.spanContext()
      return context ? `00-${context.traceId}-${context.spanId}-01` : null
    },
    // Nobody waits long for a listener that is away.
    close: () => Promise.race([provider.shutdown().catch(about.onTrouble), new Promise<void>((done) => { setTimeout(done, 3000).unref() })]),
  }
}

const nameOf = (error: unknown) => error instanceof Error ? String((error as { code?: unknown }).code ?? error.name) : 'failed'

function linkOf(traceparent: string): Link[] {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent) ?? []
  return traceId && spanId ? [{ context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true } }] : []
}
