/** The commonest colour of these pixels (red, green, blue, opacity), in sixteen steps each, as '#rrggbb'; transparent ones are white. */
export function dominant(pixels: Uint8Array): string {
  const counts = new Uint32Array(4096)
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const opacity = pixels[at + 3]!
    const step = (value: number) => (value * opacity + 255 * (255 - opacity)) / 255 >> 4
    counts[step(pixels[at]!) << 8 | step(pixels[at + 1]!) << 4 | step(pixels[at + 2]!)]!++
  }
  const found = counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0))
  return `#${[found >> 8, found >> 4 & 15, found & 15].map((value) => (value * 16 + 8).toString(16).padStart(2, '0')).join('')}`
}
