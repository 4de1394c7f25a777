import type { ServerResponse } from 'node:http'

/** Lets an answer go out as it is made, and gives its whole body once it is: undefined where it was cut off or longer than `most`. */
export function record(response: ServerResponse, most: number, make: () => void): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  const keep = (part: unknown, encoding: unknown) => {
    if (typeof part !== 'string' && !(part instanceof Uint8Array)) return
    const taken = typeof part === 'string' ? Buffer.from(part, typeof encoding === 'string' ? encoding as BufferEncoding : 'utf8') : Buffer.from(part)
    bytes += taken.length
    if (bytes <= most) parts.push(taken)
  }
  const { write, end } = response
  return new Promise((done) => {
    response.write = ((...given: Parameters<typeof write>) => { keep(given[0], given[1]); return write.apply(response, given) }) as typeof write
    response.end = ((...given: Parameters<typeof end>) => {
      keep(given[0], given[1])
      // Whole as soon as it was handed over: how long this reader takes to fetch it is nobody else's business.
      done(bytes <= most ? Buffer.concat(parts) : undefined)
      return end.apply(response, given)
    }) as typeof end
    response.once('close', () => done(undefined))
    make()
  })
}
