/**
 * badAddress: not one to ask at all · insideNetwork: leads to an address that isn't of the wide internet · unreachable: no name, no
 * connection, a broken answer · tooSlow · tooLarge · tooManyRedirects · wrongType · resting: failed often lately, asked again later
 */
export type FetchCode = 'badAddress' | 'insideNetwork' | 'unreachable' | 'tooSlow' | 'tooLarge' | 'tooManyRedirects' | 'wrongType' | 'resting'
/** Why something outside couldn't be had. `detail` is for the log. */
export type FetchError = Error & { fetch: true; code: FetchCode; detail: string }

export const fetchError = (code: FetchCode, detail = ''): FetchError => Object.assign(new Error(`${code} ${detail}`.trim()), { fetch: true as const, code, detail })

export const isFetchError = (error: unknown): error is FetchError => typeof error === 'object' && error !== null && (error as { fetch?: unknown }).fetch === true
