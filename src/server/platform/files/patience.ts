import { circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleWhen, isBrokenCircuitError, retry, wrap } from 'cockatiel'
import { unavailable } from '../errors.ts'

export type Patience = { run<Result>(work: () => Promise<Result>): Promise<Result> }

/**
 * For asking a machine that may be away: what may pass by itself is tried three times more, and after eight failures in a row
 * nobody asks for `restMs`; that and what fails in the end is told as 'storageAway'.
 */
export function patience(options: { passing: (error: unknown) => boolean; firstDelay?: number; restMs?: number; onTrouble?: (error: unknown) => void }): Patience {
  const passing = handleWhen((error) => options.passing(error))
  const policy = wrap(
    retry(passing, { maxAttempts: 3, backoff: new ExponentialBackoff({ initialDelay: options.firstDelay ?? 200, maxDelay: 5_000 }) }),
    circuitBreaker(passing, { halfOpenAfter: options.restMs ?? 10_000, breaker: new ConsecutiveBreaker(8) }),
  )
  return {
    async run(work) {
      try {
        return await policy.execute(work)
      } catch (error) {
        if (!isBrokenCircuitError(error) && !options.passing(error)) throw error
        options.onTrouble?.(error)
        throw Object.assign(unavailable('storageAway', 10), { cause: error })
      }
    },
  }
}
