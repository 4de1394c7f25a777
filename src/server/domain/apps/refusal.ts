import { invalid } from '#server/platform/errors.ts'
import type { HearthError } from '#server/platform/errors.ts'

/** The words of RFC 6749, 7009 and 7591 that programs read. */
export type RefusalWord = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'invalid_scope' | 'unauthorized_client' | 'unsupported_grant_type' | 'unsupported_response_type' | 'unsupported_token_type' | 'access_denied' | 'invalid_redirect_uri'

/** No, in the protocol's words. `why` is for developers: an English sentence in plain ASCII, as RFC 6749 demands. */
export const refusal = (word: RefusalWord, why: string): HearthError => invalid('oauthRefused', { word, why })

/** Which word it was; null for every other error. */
export function refusalOf(error: HearthError): { word: RefusalWord; why: string } | null {
  return error.code === 'oauthRefused' ? { word: error.params['word'] as RefusalWord, why: String(error.params['why']) } : null
}
