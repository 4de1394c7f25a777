import { circuitBreaker, ConsecutiveBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel'
import type { CircuitBreakerPolicy } from 'cockatiel'
import { fetchError, isFetchError } from './error.ts'

const failures = 5
const mostHosts = 500

/** Hosts that failed five times in a row aren't asked for `restMs`; then once, to see. Remembers the last 500 hosts. */
export function hostRest(restMs: number): { run<Result>(host: string, work: () => Promise<Result>): Promise<Result> } {
  const hosts = new Map<string, CircuitBreakerPolicy>()
  const troubled = handleWhen((error) => isFetchError(error) && (error.code === 'unreachable' || error.code === 'tooSlow'))
  return {
    async run(host, work) {
      const policy = hosts.get(host) ?? circuitBreaker(troubled, { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failures) })
      hosts.delete(host)
      hosts.set(host, policy)
      if (hosts.size > mostHosts) hosts.delete(hosts.keys().next().value ?? '')
      try {
        return await policy.execute(work)
      } catch (error) {
        throw isBrokenCircuitError(error) ? fetchError('resting', host) : error
      }
    },
  }
}
