import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import type { FieldProblem, Params } from '#server/platform/errors.ts'

export type Refused = { code: string; params?: Params; problems?: FieldProblem[] }
type Answer = { response: string } | Refused

/** Can this browser hold passkeys at all (it can't on plain http, nor at a bare IP address)? */
export const knowsPasskeys = () => typeof window !== 'undefined' && window.isSecureContext && 'PublicKeyCredential' in window

async function options(path: string, asked: Record<string, string>): Promise<{ ok: true; json: unknown } | { ok: false; refused: Refused }> {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(asked) }).catch(() => null)
  if (!response) return { ok: false, refused: { code: 'offline' } }
  const json: unknown = await response.json().catch(() => ({ code: 'internal' }))
  return response.ok ? { ok: true, json } : { ok: false, refused: json as Refused }
}

/** Lets the device make a passkey; its answer goes into a form. Never throws. */
export async function makePasskey(path: string, asked: Record<string, string>): Promise<Answer> {
  const begun = await options(path, asked)
  if (!begun.ok) return begun.refused
  const { startRegistration } = await import('@simplewebauthn/browser')
  return startRegistration({ optionsJSON: begun.json as PublicKeyCredentialCreationOptionsJSON }).then((made) => ({ response: JSON.stringify(made) }), (error: unknown) => ({ code: error instanceof Error && error.name === 'InvalidStateError' ? 'passkeyKnown' : 'passkeyStopped' }))
}

/** Asks the device for a passkey; its answer goes into a form. Never throws. */
export async function usePasskey(path: string, asked: Record<string, string>): Promise<Answer> {
  const begun = await options(path, asked)
  if (!begun.ok) return begun.refused
  const { startAuthentication } = await import('@simplewebauthn/browser')
  return startAuthentication({ optionsJSON: begun.json as PublicKeyCredentialRequestOptionsJSON }).then((used) => ({ response: JSON.stringify(used) }), () => ({ code: 'passkeyStopped' }))
}
