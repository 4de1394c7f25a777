/**
 * Bare pixels as an uncompressed TIFF, the one simple format in which they can carry a colour profile. `fill` writes
 * them where they belong, row by row; 3 channels, or 4 with transparency.
 */
export function tiffOf(size: { width: number; height: number; channels: 3 | 4 }, profile: Buffer | undefined, fill: (pixels: Buffer) => void): Buffer {
  const { width, height, channels } = size
  const bytes = width * height * channels
  const depths = 8 + bytes + bytes % 2
  const directory = depths + 8
  type Entry = [tag: number, type: number, count: number, value: number]
  const entries = (profileAt: number): Entry[] => [
    [256, 4, 1, width], [257, 4, 1, height], [258, 3, channels, depths], [259, 3, 1, 1], [262, 3, 1, 2], [273, 4, 1, 8], [277, 3, 1, channels], [278, 4, 1, height], [279, 4, 1, bytes],
    ...(channels === 4 ? [[338, 3, 1, 2] satisfies Entry] : []), ...(profile ? [[34_675, 7, profile.length, profileAt] satisfies Entry] : []),
  ]
  const list = entries(directory + 2 + entries(0).length * 12 + 4)
  const file = Buffer.alloc(directory + 2 + list.length * 12 + 4 + (profile?.length ?? 0))
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(directory, 4)
  for (let at = 0; at < channels; at++) file.writeUInt16LE(8, depths + at * 2)
  file.writeUInt16LE(list.length, directory)
  list.forEach(([tag, type, count, value], index) => {
    const at = directory + 2 + index * 12
    file.writeUInt16LE(tag, at)
    file.writeUInt16LE(type, at + 2)
    file.writeUInt32LE(count, at + 4)
    if (type === 3 && count === 1) file.writeUInt16LE(value, at + 8)
    else file.writeUInt32LE(value, at + 8)
  })
  profile?.copy(file, file.length - profile.length)
  fill(file.subarray(8, 8 + bytes))
  return file
}
