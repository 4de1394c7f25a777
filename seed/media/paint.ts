import type { Random } from '../random.ts'

/** The same in the two languages of the town's pages. */
export type Said = { en: string; ar: string }
/** What is drawn, what it shows, and what people write beside it. */
export type Drawing = { svg: string; description: Said; words: readonly Said[] }
/** `shift` 0 … 1 lets a film move through the scene. */
export type Scene = (chance: Random, nth: number, width: number, height: number, shift: number) => Drawing

export type Hour = { sky: readonly [string, string, string]; sun: string; dark: boolean; when: Said }
export const hours: readonly Hour[] = [
  { sky: ['#5b6c9e', '#ee9a5c', '#ffd58a'], sun: '#fff0b8', dark: false, when: { en: 'at sunset', ar: 'عند الغروب' } },
  { sky: ['#4f9bd9', '#a6d5f2', '#eaf6ff'], sun: '#fffbe6', dark: false, when: { en: 'on a clear morning', ar: 'في صباح صافٍ' } },
  { sky: ['#33325f', '#8a6aa8', '#f3a6a0'], sun: '#ffd9c0', dark: false, when: { en: 'at dusk', ar: 'عند الغسق' } },
  { sky: ['#7f96c4', '#f3c6b0', '#ffe9cf'], sun: '#fff4dc', dark: false, when: { en: 'just after dawn', ar: 'بعد الفجر بقليل' } },
  { sky: ['#b3c1c8', '#d3dcdb', '#eff1ea'], sun: '#fbfbf3', dark: false, when: { en: 'in the fog', ar: 'في الضباب' } },
  { sky: ['#0b1030', '#1d2a5c', '#43558c'], sun: '#fdf6d8', dark: true, when: { en: 'by night', ar: 'ليلًا' } },
]
export const seasons: readonly { near: string; leaf: readonly string[]; name: Said }[] = [
  { near: '#2f5d3a', leaf: ['#3f7d4c', '#5a9a56', '#2d6040'], name: { en: 'in early summer', ar: 'في أول الصيف' } },
  { near: '#6b4423', leaf: ['#c8642b', '#dd9a3c', '#a8452a'], name: { en: 'in October', ar: 'في تشرين الأول' } },
  { near: '#8fa3b5', leaf: ['#dfe8ee', '#c3d1dc', '#f3f7f9'], name: { en: 'after the first snow', ar: 'بعد أول ثلج' } },
  { near: '#4d7a3f', leaf: ['#f3b6c6', '#8fbf6a', '#f8d9e0'], name: { en: 'in April', ar: 'في نيسان' } },
]

export const n = (value: number) => String(Math.round(value * 10) / 10)

/** A colour between two, `part` 0 … 1 of the way. */
export function mix(from: string, to: string, part: number): string {
  const at = (colour: string, place: number) => parseInt(colour.slice(place, place + 2), 16)
  return `#${[1, 3, 5].map((place) => Math.round(at(from, place) * (1 - part) + at(to, place) * part).toString(16).padStart(2, '0')).join('')}`
}

export const gradient = (id: string, stops: readonly string[]) => `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stops.map((colour, at) => `<stop offset="${n(at / (stops.length - 1) * 100)}%" stop-color="${colour}"/>`).join('')}</linearGradient>`
export const glow = (id: string, colour: string, strong = 0.9) => `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity="${strong}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>`
/** A round thing in the light from the upper left. */
export const ball = (id: string, colour: string) => `<radialGradient id="${id}" cx="0.36" cy="0.32" r="0.75"><stop offset="0" stop-color="${mix(colour, '#ffffff', 0.45)}"/><stop offset="0.5" stop-color="${colour}"/><stop offset="1" stop-color="${mix(colour, '#1d1020', 0.5)}"/></radialGradient>`

/** Sky with sun or moon, stars when it is dark, and drifting clouds. */
export function sky(chance: Random, hour: Hour, width: number, height: number, sun: { x: number; y: number }, shift: number): string {
  const size = Math.min(width, height)
  let svg = `<defs>${gradient('sky', hour.sky)}${glow('glow', hour.sun)}</defs><rect width="${width}" height="${height}" fill="url(#sky)"/>`
  for (let star = 0; hour.dark && star < 130; star++) svg += `<circle cx="${n(chance.next() * width)}" cy="${n(chance.next() ** 1.3 * height * 0.75)}" r="${n(size * (0.0008 + chance.next() ** 4 * 0.003))}" fill="#fff" opacity="${n(0.35 + 0.6 * Math.abs(Math.sin(star + shift * 6)))}"/>`
  svg += `<circle cx="${n(sun.x)}" cy="${n(sun.y)}" r="${n(size * 0.38)}" fill="url(#glow)" opacity="${hour.dark ? 0.3 : 0.75}"/><circle cx="${n(sun.x)}" cy="${n(sun.y)}" r="${n(size * (hour.dark ? 0.045 : 0.06))}" fill="${hour.sun}"/>`
  for (let cloud = 0; cloud < 5; cloud++) {
    const x = ((chance.next() * 1.3 + shift * (0.18 + cloud * 0.05)) % 1.3 - 0.15) * width
    const y = height * (0.06 + chance.next() * 0.26)
    const long = width * (0.07 + chance.next() * 0.09)
    let puffs = `<rect x="${n(x - long)}" y="${n(y - long * 0.05)}" width="${n(long * 2)}" height="${n(long * 0.2)}" rx="${n(long * 0.1)}"/>`
    for (let puff = 0; puff < 5; puff++) puffs += `<circle cx="${n(x + (puff / 4 - 0.5) * long * 1.2)}" cy="${n(y)}" r="${n(long * (0.13 + chance.next() * 0.15))}"/>`
    svg += `<g fill="${mix(hour.sky[2], '#ffffff', hour.dark ? 0 : 0.35)}" opacity="${hour.dark ? 0.16 : 0.55}">${puffs}</g>`
  }
  return svg
}

/** A rolling line across the picture, closed below; `at(x)` tells how high it lies. */
export function ridge(chance: Random, width: number, height: number, base: number, high: number, colour: string): { svg: string; at(x: number): number } {
  const waves = [0, 1, 2, 3, 4].map((row) => ({ long: (0.7 + row * 1.1 + chance.next()) * 2 * Math.PI, phase: chance.next() * 6.3, high: high / (1 + row * 1.2) }))
  const at = (x: number) => base - waves.reduce((sum, wave) => sum + Math.sin(x / width * wave.long + wave.phase) * wave.high, 0) / 2
  const points = Array.from({ length: 81 }, (_, step) => `${n(step / 80 * width)},${n(at(step / 80 * width))}`)
  return { svg: `<polygon points="0,${height} ${points.join(' ')} ${width},${height}" fill="${colour}"/>`, at }
}

export function tree(chance: Random, x: number, y: number, tall: number, leaf: string): string {
  if (chance.chance(0.45)) return [0, 1, 2].map((row) => `<path d="M${n(x)} ${n(y - tall * (0.45 + row * 0.28))} l${n(tall * (0.24 - row * 0.05))} ${n(tall * 0.45)} h${n(-tall * (0.48 - row * 0.1))} z" fill="${mix(leaf, '#ffffff', row * 0.07)}"/>`).join('')
  let svg = `<rect x="${n(x - tall * 0.03)}" y="${n(y - tall * 0.5)}" width="${n(tall * 0.06)}" height="${n(tall * 0.55)}" fill="#4a3326"/>`
  for (let puff = 0; puff < 7; puff++) svg += `<circle cx="${n(x + (chance.next() - 0.5) * tall * 0.42)}" cy="${n(y - tall * (0.5 + chance.next() * 0.4))}" r="${n(tall * (0.1 + chance.next() * 0.08))}" fill="${mix(leaf, puff % 2 ? '#ffffff' : '#102018', 0.1)}"/>`
  return svg
}

/** Narrow houses side by side on the line `y`, some windows lit. */
export function houses(chance: Random, width: number, y: number, tall: number, dark: boolean, shift = 0): string {
  let svg = ''
  for (let x = -width * 0.02; x < width;) {
    const wide = width * (0.06 + chance.next() * 0.05)
    const high = tall * (0.6 + chance.next() * 0.4)
    const colour = chance.pick(['#bc4f43', '#e08a5f', '#7fae94', '#efc987', '#587a98', '#f1ead6', '#a7668a', '#d9b48f'])
    const wall = dark ? mix(colour, '#141a3a', 0.68) : colour
    svg += `<path d="M${n(x)} ${n(y - high)} l${n(wide / 2)} ${n(-wide * 0.55)} l${n(wide / 2)} ${n(wide * 0.55)} V${n(y)} h${n(-wide)} z" fill="${wall}"/><path d="M${n(x - wide * 0.04)} ${n(y - high + wide * 0.03)} l${n(wide * 0.54)} ${n(-wide * 0.6)} l${n(wide * 0.54)} ${n(wide * 0.6)}" fill="none" stroke="${mix(wall, '#2a1a18', 0.6)}" stroke-width="${n(wide * 0.07)}"/>`
    const rows = Math.max(2, Math.floor(high / (wide * 0.62)))
    for (let row = 0; row < rows; row++) for (const column of [0.18, 0.58]) {
      const lit = chance.chance(dark ? 0.55 : 0.12) !== (chance.chance(0.2) && shift > chance.next())
      svg += `<rect x="${n(x + wide * column)}" y="${n(y - high + high * (row + 0.22) / rows)}" width="${n(wide * 0.24)}" height="${n(high / rows * 0.5)}" rx="${n(wide * 0.03)}" fill="${lit ? '#ffdf8e' : mix(wall, '#22304a', 0.7)}" stroke="${mix(wall, '#ffffff', 0.45)}" stroke-width="${n(wide * 0.02)}"/>`
    }
    x += wide
  }
  return svg
}

/** Light on water under a sun at `x`. */
export function ripples(chance: Random, x: number, line: number, width: number, height: number, colour: string, shift: number): string {
  let svg = ''
  for (let row = 0; row < 46; row++) {
    const part = (row / 46) ** 1.5
    const near = row % 2 === 0
    const long = width * (0.012 + part * 0.09) * (0.5 + chance.next())
    const middle = near ? x + (chance.next() - 0.5) * width * (0.05 + part * 0.22) : chance.next() * width
    svg += `<rect x="${n(middle - long / 2 + Math.sin(shift * 25 + row) * long * 0.3)}" y="${n(line + 4 + (height - line) * part)}" width="${n(long)}" height="${n(height * (0.002 + part * 0.006))}" rx="${n(height * 0.004)}" fill="${colour}" opacity="${near ? 0.6 : 0.2}"/>`
  }
  return svg
}
