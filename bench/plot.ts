import type { Result } from './result.ts'

type Line = { name: string; points: [number, number][] }
const colours = ['#b4470f', '#2d6a6a', '#7a5195', '#8a6d1b']
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const frame = (width: number, height: number, inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>${inside}</svg>\n`

/** Round numbers from nothing to `most`. */
function ticks(most: number): number[] {
  const rough = most / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step)
}

/** How several numbers went, as an SVG. */
export function courses({ title, x, y, lines }: { title: string; x: string; y: string; lines: Line[] }): string {
  const [width, height, left, top, right, bottom] = [760, 360, 60, 50, 20, 50]
  const all = lines.flatMap(({ points }) => points)
  const [mostX, mostY] = [Math.max(...all.map(([at]) => at), 1e-9), Math.max(...all.map(([, value]) => value), 1e-9) * 1.1]
  const px = (at: number) => (left + (at / mostX) * (width - left - right)).toFixed(1)
  const py = (value: number) => (height - bottom - (value / mostY) * (height - top - bottom)).toFixed(1)
  const grid = ticks(mostY).map((value) => `<line x1="${left}" x2="${width - right}" y1="${py(value)}" y2="${py(value)}" stroke="#ddd"/><text x="${left - 8}" y="${py(value)}" dy="4" text-anchor="end">${value}</text>`)
  const feet = ticks(mostX).map((at) => `<text x="${px(at)}" y="${height - bottom + 20}" text-anchor="middle">${Number(at.toFixed(2))}</text>`)
  const drawn = lines.map(({ name, points }, at) => `<polyline fill="none" stroke="${colours[at % colours.length]}" stroke-width="2" points="${points.map(([one, value]) => `${px(one)},${py(value)}`).join(' ')}"/><text x="${left + 10 + at * 240}" y="${top - 8}" fill="${colours[at % colours.length]}">${escaped(name)}</text>`)
  return frame(width, height, `<text x="${left}" y="22" font-size="16" font-weight="600">${escaped(title)}</text>${grid.join('')}${feet.join('')}<text x="${width - right}" y="${height - 8}" text-anchor="end">${escaped(x)}</text><text x="8" y="${top - 8}">${escaped(y)}</text>${drawn.join('')}`)
}

/** Each number beside its limit: how much of it is used, or how far above it reaches. Those without a limit are left out. */
export function againstLimits(title: string, results: Result[]): string {
  const limited = results.flatMap((one) => one.most !== undefined ? [{ ...one, part: one.most === 0 ? (one.value > 0 ? 2 : 0) : one.value / one.most, good: one.value <= one.most, limit: `at most ${one.most}` }]
    : one.least !== undefined ? [{ ...one, part: one.value / one.least, good: one.value >= one.least, limit: `at least ${one.least}` }] : [])
  const [width, row, left, top] = [900, 30, 430, 50]
  const scale = (width - left - 150) / Math.min(3, Math.max(1.2, ...limited.map(({ part }) => part)))
  const bars = limited.map((one, at) => {
    const y = top + at * row
    const length = Math.max(1, Math.min(3, Math.max(0, one.part)) * scale)
    return `<text x="${left - 10}" y="${y + 15}" text-anchor="end">${escaped(one.name.length > 62 ? `${one.name.slice(0, 61)}…` : one.name)}</text><rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="20" rx="3" fill="${one.good ? '#2d6a6a' : '#b4470f'}"/><text x="${(left + length + 6).toFixed(1)}" y="${y + 15}">${one.value} ${escaped(one.unit)} (${one.limit})</text>`
  })
  const height = top + limited.length * row + 20
  return frame(width, height, `<text x="20" y="26" font-size="16" font-weight="600">${escaped(title)}</text>${bars.join('')}<line x1="${left + scale}" x2="${left + scale}" y1="${top - 8}" y2="${height - 14}" stroke="#333" stroke-dasharray="4 3"/>`)
}

/** Everything that was measured, as a table for people. */
export function table(all: { name: string; at: string; node: string; results: Result[] }[]): string {
  const rows = all.flatMap(({ name, at, results }) => results.map((one) => {
    const limit = one.most !== undefined ? `at most ${one.most}` : one.least !== undefined ? `at least ${one.least}` : ''
    const missed = (one.most !== undefined && one.value > one.most) || (one.least !== undefined && one.value < one.least)
    return `| ${name} | ${one.name} | ${one.value} ${one.unit} | ${limit} | ${limit ? (missed ? 'missed' : 'met') : ''} | ${at.slice(0, 10)} |`
  }))
  return ['| Benchmark | What | Figure | Limit | | Day |', '| --- | --- | --: | --- | --- | --- |', ...rows, ''].join('\n')
}
