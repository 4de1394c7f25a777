// Runs in a child process only. Animated PNGs look like still ones to sharp: FFmpeg reads them.

/** How many pictures an animated PNG announces in its first bytes; 0 for a still one. */
export function apngFrames(head: Buffer): number {
  for (let at = 8; at + 12 <= head.length;) {
    const type = head.toString('latin1', at + 4, at + 8)
    if (type === 'acTL') return head.readUInt32BE(at + 8)
    if (type === 'IDAT') return 0
    at += 12 + head.readUInt32BE(at)
  }
  return 0
}

/** Writes the animation as WebP, `width` × `height`, picture by picture, without end. False where this machine has no FFmpeg library. */
export async function apngToWebp(input: string, output: string, size: { width: number; height: number }, frames: number): Promise<boolean> {
  const av = await Promise.all([import('node-av/api'), import('node-av/constants')]).catch(() => null)
  if (!av) return false
  const [{ Decoder, Demuxer, Encoder, FilterAPI, Muxer }, { FF_ENCODER_LIBWEBP_ANIM }] = av
  await using demuxer = await Demuxer.open(input, { format: 'apng', options: { protocol_whitelist: 'file' } as Record<string, string> })
  const stream = demuxer.streams[0]
  if (!stream) throw new Error('no picture')
  await using muxer = await Muxer.open(output, { format: 'webp', options: { loop: '0' } as Record<string, string> })
  using decoder = await Decoder.create(stream, { threadCount: 1 })
  using filter = FilterAPI.create(`trim=end_frame=${frames},scale=${size.width}:${size.height}:flags=bicubic,format=bgra`)
  using encoder = await Encoder.create(FF_ENCODER_LIBWEBP_ANIM, { filter, options: { quality: '75', compression_level: '2' } as Record<string, string> })
  const at = muxer.addStream(encoder)
  for await (using packet of encoder.packets(filter.frames(decoder.frames(demuxer.packets(stream.index))))) {
    if (packet) await muxer.writePacket(packet, at)
  }
  return true
}
