import { deserialize } from '$app/forms'
import { allTexts } from '#ui/texts.svelte.ts'

export type ActResult = { ok: true } | { ok: false; code: string; params: Record<string, string | number> }

/** Sends one of the `/act` forms in the background, also when the page is left meanwhile. Never throws: a broken network is an answer, too. */
export async function act(verb: string, fields: Record<string, string>): Promise<ActResult> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  try {
    const response = await fetch(`/act?/${verb}`, { method: 'POST', body, keepalive: true, headers: { accept: 'application/json', 'x-sveltekit-action': 'true' } })
    const result = deserialize(await response.text())
    if (result.type === 'success' || result.type === 'redirect') return { ok: true }
    const data = (result.type === 'failure' ? result.data : result.error) as { code?: string; params?: Record<string, string | number> } | undefined
    // What is said of it may not be here yet.
    await allTexts()
    return { ok: false, code: data?.code ?? 'internal', params: data?.params ?? {} }
  } catch {
    return { ok: false, code: 'offline', params: {} }
  }
}
