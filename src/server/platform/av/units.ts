const note = 6 // supplemental information (SEI): cameras' data, editors' names, anything

/** H.264 as it lies in MP4 (each unit behind its length), without its notes. Throws where it isn't that. */
export function withoutNotes(data: Buffer | null, lengthBytes: number): Buffer {
  if (!data) return Buffer.alloc(0)
  const kept: Buffer[] = []
  for (let at = 0; at < data.length;) {
    const end = at + lengthBytes + (at + lengthBytes <= data.length ? data.readUIntBE(at, lengthBytes) : Infinity)
    if (end > data.length) throw new Error('a unit longer than its packet')
    if (end > at + lengthBytes && (data[at + lengthBytes]! & 31) !== note) kept.push(data.subarray(at, end))
    at = end
  }
  return Buffer.concat(kept)
}
