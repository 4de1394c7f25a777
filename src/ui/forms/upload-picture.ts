type Made = { ok: true; id: string } | { ok: false; code: string; params: Record<string, string | number> }
type Answer = { id?: string; state?: string; error?: string | null; params?: Record<string, string | number> }

/** Uploads a picture and waits until it is ready. `onPart` hears 0 … 1. Never throws. */
export async function uploadPicture(file: File, purpose: 'avatar' | 'cover' | 'instance', onPart: (part: number) => void): Promise<Made> {
  const body = new FormData()
  body.append('purpose', purpose)
  body.append('file', file)
  try {
    const response = await fetch('/media/uploads', { method: 'POST', body, headers: { accept: 'application/json' } })
    let answer = await response.json() as Answer
    if (!response.ok || !answer.id) return { ok: false, code: answer.error ?? 'uploadFailed', params: answer.params ?? {} }
    const { id } = answer
    onPart(0.6)
    // Pictures take a second or two; after a minute something is wrong.
    for (let tries = 0; tries < 120; tries++) {
      if (answer.state === 'ready') return { ok: true, id }
      if (answer.state === 'failed') return { ok: false, code: answer.error ?? 'uploadFailed', params: {} }
      await new Promise((done) => setTimeout(done, 500))
      answer = await (await fetch(`/media/uploads/${id}`, { headers: { accept: 'application/json' } })).json() as Answer
      onPart(Math.min(0.95, 0.6 + tries * 0.05))
    }
    return { ok: false, code: 'uploadFailed', params: {} }
  } catch {
    return { ok: false, code: 'offline', params: {} }
  }
}
