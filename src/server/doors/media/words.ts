import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { MediaWords } from '../../domain/media/index.ts'
import { invalid, tooLarge } from '../../platform/errors.ts'

const mostBytes = 64 * 1024
const text = z.string().max(20_000).optional()
const Words = z.object({ description: text, title: text, artist: text, album: text, focus: z.object({ x: z.number(), y: z.number() }).optional() })

/** What a member says about an upload: a small JSON object. */
export async function readWords(request: IncomingMessage): Promise<MediaWords> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > mostBytes) throw tooLarge('textTooLong', { most: mostBytes })
    parts.push(part)
  }
  let given: unknown
  try { given = JSON.parse(Buffer.concat(parts).toString('utf8')) } catch { throw invalid('badValue') }
  const parsed = Words.safeParse(given)
  if (!parsed.success) throw invalid('badValue')
  return parsed.data
}
