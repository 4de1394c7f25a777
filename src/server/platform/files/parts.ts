/** The same bytes in pieces of `size`, the last one smaller. Holds one piece at a time. */
export async function* parts(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let length = 0
  for await (const chunk of source) {
    waiting.push(chunk)
    length += chunk.length
    while (length >= size) {
      const all = Buffer.concat(waiting)
      yield all.subarray(0, size)
      waiting = all.length > size ? [all.subarray(size)] : []
      length = all.length - size
    }
  }
  if (length) yield Buffer.concat(waiting)
}
