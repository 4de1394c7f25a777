/**
 * Is there anything to see in this film's container, so far as its first bytes tell? Browsers record sound in the containers
 * of films. Undefined where the list of tracks isn't whole in these bytes. Headers aren't believed any further than this:
 * what is made of a file follows from what is decoded. Sources: ISO 14496-12 §8.4.3 (hdlr), RFC 9559 §5.1.4 (Tracks).
 */
export function hasPicture(demuxer: string, head: Buffer): boolean | undefined {
  try {
    const kinds = demuxer === 'mov' ? movTracks(head) : demuxer === 'matroska' ? matroskaTracks(head) : undefined
    // Only what is a sound for certain is one.
    return kinds && (kinds.includes('picture') || !kinds.includes('sound'))
  } catch {
    return undefined // the bytes end too early
  }
}

type Track = 'picture' | 'sound' | 'other'
const mostTracks = 64

const handlers: Record<string, Track> = { vide: 'picture', auxv: 'picture', pict: 'picture', soun: 'sound' }

function movTracks(head: Buffer): Track[] | undefined {
  const moov = boxes(head).find((box) => box.type === 'moov')
  if (!moov?.whole) return undefined
  return inside(moov.body, 'trak').slice(0, mostTracks).flatMap((trak) => inside(trak, 'mdia')).flatMap((mdia) => inside(mdia, 'hdlr')).map((hdlr) => handlers[hdlr.toString('latin1', 8, 12)] ?? 'other')
}

const inside = (body: Buffer, type: string) => boxes(body).filter((box) => box.type === type).map((box) => box.body)

function boxes(data: Buffer): { type: string; body: Buffer; whole: boolean }[] {
  const found: { type: string; body: Buffer; whole: boolean }[] = []
  for (let at = 0; at + 8 <= data.length;) {
    const short = data.readUInt32BE(at)
    const header = short === 1 ? 16 : 8
    const size = short === 1 ? Number(data.readBigUInt64BE(at + 8)) : short === 0 ? data.length - at : short
    if (size < header) break
    found.push({ type: data.toString('latin1', at + 4, at + 8), body: data.subarray(at + header, at + size), whole: at + size <= data.length })
    at += size
  }
  return found
}

const ids = { segment: 0x18538067, tracks: 0x1654ae6b, entry: 0xae, type: 0x83, cluster: 0x1f43b675 } as const

function matroskaTracks(head: Buffer): Track[] | undefined {
  const segment = elements(head).find((one) => one.id === ids.segment)
  const tracks = segment && elements(segment.body).find((one) => one.id === ids.tracks || one.id === ids.cluster)
  if (tracks?.id !== ids.tracks || !tracks.whole) return undefined
  return elements(tracks.body).filter((one) => one.id === ids.entry).slice(0, mostTracks).map((entry) => {
    const type = elements(entry.body).find((one) => one.id === ids.type)?.body
    return type?.length === 1 && type[0] === 1 ? 'picture' : type?.length === 1 && type[0] === 2 ? 'sound' : 'other'
  })
}

function elements(data: Buffer): { id: number; body: Buffer; whole: boolean }[] {
  const found: { id: number; body: Buffer; whole: boolean }[] = []
  for (let at = 0; at < data.length;) {
    const idLength = Math.clz32(data[at]!) - 23
    const sizeAt = at + idLength
    const sizeLength = Math.clz32(data[sizeAt] ?? 0) - 23
    if (idLength > 4 || sizeLength > 8 || sizeAt + sizeLength > data.length) break
    let size = data[sizeAt]! & ((1 << (8 - sizeLength)) - 1)
    let open = size === (1 << (8 - sizeLength)) - 1
    for (const byte of data.subarray(sizeAt + 1, sizeAt + sizeLength)) { size = size * 256 + byte; open &&= byte === 0xff }
    const from = sizeAt + sizeLength
    // What is recorded live says no length: it goes to the end.
    const to = open ? data.length : from + size
    found.push({ id: data.readUIntBE(at, idLength), body: data.subarray(from, to), whole: to <= data.length })
    // Its parts stand before the sound itself.
    if (found.at(-1)!.id === ids.cluster) break
    at = to
  }
  return found
}
