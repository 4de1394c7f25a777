/** How much larger than that of sRGB the triangle of a profile's colours must be to be worth keeping. */
const worth = 1.1
type Point = [x: number, y: number]
const area = ([a, b, c]: [Point, Point, Point]) => Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
/** sRGB's three colours under the white that profiles are written for (D50) */
const srgb = area([[0.6484, 0.3309], [0.3212, 0.5979], [0.1559, 0.066]])

/** Does this colour profile hold colours that sRGB can't show (Display P3, Adobe RGB, …)? False for what can't be read. */
export function isWide(profile: Buffer | undefined): boolean {
  if (!profile || profile.length < 132 || profile.toString('latin1', 16, 20) !== 'RGB ') return false
  const corners = (['rXYZ', 'gXYZ', 'bXYZ'] as const).map((name) => colourOf(profile, name))
  const [red, green, blue] = corners
  return Boolean(red && green && blue && area([red, green, blue]) > srgb * worth)
}

function colourOf(profile: Buffer, name: string): Point | undefined {
  const tags = Math.min(profile.readUInt32BE(128), 100)
  for (let at = 132; at < 132 + tags * 12 && at + 12 <= profile.length; at += 12) {
    if (profile.toString('latin1', at, at + 4) !== name) continue
    const place = profile.readUInt32BE(at + 4)
    if (place + 20 > profile.length) return undefined
    const [x, y, z] = [8, 12, 16].map((offset) => profile.readInt32BE(place + offset) / 65_536) as [number, number, number]
    return x + y + z > 0 ? [x / (x + y + z), y / (x + y + z)] : undefined
  }
  return undefined
}
