import type { Random } from '../random.ts'

export type Drawing = { svg: string; description: string; words: string }

const skies: readonly [string, string, string, string][] = [['#fde9c9', '#f4a261', '#e76f51', 'at sunset'], ['#dff3ff', '#8ecae6', '#457b9d', 'on a clear morning'], ['#2b2d6e', '#1b1b3a', '#f6e7a1', 'by night'], ['#f8dfe8', '#c9b1e0', '#7d6ba8', 'in violet dusk'], ['#eef2ee', '#c4d4cc', '#7a9a8d', 'in fog'], ['#fff4d6', '#ffd166', '#e09f3e', 'at noon']]
const grounds: readonly string[][] = [['#5b8c5a', '#3e6b48', '#274d37'], ['#b5838d', '#6d6875', '#463f57'], ['#8d99ae', '#5c677d', '#33415c'], ['#dda15e', '#bc6c25', '#7f4f24'], ['#52796f', '#354f52', '#2f3e46']]

/** A picture nobody has seen yet, with what it shows in words. `shift` 0 … 1 lets a film move through it. */
export function draw(chance: Random, nth: number, width: number, height: number, shift = 0): Drawing {
  const kinds = [hills, sea, stillLife, tiles, town, flowers]
  const made = kinds[nth % kinds.length]!(chance, width, height, shift)
  return { ...made, svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${made.svg}</svg>` }
}

const sky = (colours: readonly string[]) => `<defs><linearGradient id="sky" x1="0" y1="1" x2="0" y2="0"><stop offset="0" stop-color="${colours[0]}"/><stop offset="1" stop-color="${colours[1]}"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#sky)"/>`
const n = (value: number) => value.toFixed(1)

/** A rolling line across the picture, closed below. */
function ridge(chance: Random, width: number, height: number, base: number, high: number, colour: string, shift: number): string {
  const waves = Array.from({ length: 4 }, (_, at) => ({ long: (0.8 + at * 0.9 + chance.next()) * 2 * Math.PI, phase: chance.next() * 6.3, high: high / (1 + at) }))
  const points = Array.from({ length: 61 }, (_, at) => `${n(at / 60 * width)},${n(base - waves.reduce((sum, wave) => sum + Math.sin((at / 60 + shift) * wave.long + wave.phase) * wave.high, 0) / 2)}`)
  return `<polygon points="0,${height} ${points.join(' ')} ${width},${height}" fill="${colour}"/>`
}

function hills(chance: Random, width: number, height: number, shift: number): Drawing {
  const [low, high, sun, when] = chance.pick(skies)
  const ground = chance.pick(grounds)
  const at = 0.2 + chance.next() * 0.6
  const sunAt = `<circle cx="${n(width * at)}" cy="${n(height * (0.25 + chance.next() * 0.2 + shift * 0.3))}" r="${n(height * 0.09)}" fill="${sun}" opacity="0.9"/>`
  return { svg: sky([low, high]) + sunAt + ground.map((colour, row) => ridge(chance, width, height, height * (0.55 + row * 0.16), height * 0.13, colour, shift * (0.05 + row * 0.08))).join(''), description: `Three rows of hills ${when}, the sun ${at < 0.45 ? 'to the left' : at > 0.6 ? 'to the right' : 'in the middle'}.`, words: `The hills ${when}.` }
}

function sea(chance: Random, width: number, height: number, shift: number): Drawing {
  const [low, high, sun, when] = chance.pick(skies)
  const line = height * (0.42 + chance.next() * 0.14)
  const x = width * (0.25 + chance.next() * 0.5)
  const waves = Array.from({ length: 26 }, (_, row) => { const y = line + 8 + (height - line) * (row / 26) ** 1.4; const long = width * (0.03 + row * 0.006); return `<rect x="${n(x - long + (chance.next() - 0.5) * long + Math.sin(shift * 9 + row) * long * 0.4)}" y="${n(y)}" width="${n(long * 2)}" height="${n(1.5 + row * 0.35)}" rx="2" fill="${sun}" opacity="0.45"/>` }).join('')
  const sailAt = width * ((0.12 + chance.next() * 0.5 + shift * 0.25) % 1)
  const boat = `<path d="M${n(sailAt)} ${n(line + 6)} l${n(width * 0.05)} 0 l-${n(width * 0.01)} ${n(height * 0.02)} l-${n(width * 0.03)} 0 z M${n(sailAt + width * 0.024)} ${n(line + 3)} l0 -${n(height * 0.12)} l${n(width * 0.03)} ${n(height * 0.1)} z" fill="#33302e"/>`
  return { svg: `${sky([low, high])}<circle cx="${n(x)}" cy="${n(line - height * 0.1)}" r="${n(height * 0.07)}" fill="${sun}"/><rect y="${n(line)}" width="100%" height="100%" fill="#2f5d73" opacity="0.85"/>${waves}${boat}`, description: `A small sailing boat on calm water ${when}; light lies on the waves.`, words: `Out on the water ${when}.` }
}

function stillLife(chance: Random, width: number, height: number, shift: number): Drawing {
  const fruit = chance.pick([['#c1121f', 'red apples'], ['#e9b44c', 'lemons'], ['#6a994e', 'green pears'], ['#7b2d4e', 'plums'], ['#f3722c', 'oranges']] as const)
  const count = 3 + chance.int(4)
  const wall = chance.pick(['#e8dcc8', '#c9d6df', '#d8cbbb', '#a3b18a'])
  const table = height * 0.62
  const round = Array.from({ length: count }, (_, at) => { const r = height * (0.07 + chance.next() * 0.02); const x = width * (0.3 + at * 0.4 / count) + Math.sin(shift * 6.3 + at) * 3; return `<ellipse cx="${n(x)}" cy="${n(table + r * 0.95)}" rx="${n(r * 1.1)}" ry="${n(r * 0.2)}" fill="#000" opacity="0.18"/><circle cx="${n(x)}" cy="${n(table)}" r="${n(r)}" fill="${fruit[0]}"/><circle cx="${n(x - r * 0.3)}" cy="${n(table - r * 0.35)}" r="${n(r * 0.22)}" fill="#fff" opacity="0.35"/>` }).join('')
  const vase = `<path d="M${n(width * 0.73)} ${n(table + 20)} q-${n(width * 0.06)} -${n(height * 0.2)} ${n(width * 0.02)} -${n(height * 0.34)} h${n(width * 0.04)} q${n(width * 0.08)} ${n(height * 0.14)} ${n(width * 0.02)} ${n(height * 0.34)} z" fill="${chance.pick(['#3d5a80', '#81b29a', '#6b705c'])}"/>`
  return { svg: `<rect width="100%" height="100%" fill="${wall}"/><rect y="${n(table)}" width="100%" height="100%" fill="#8a5a44"/>${vase}${round}`, description: `${count} ${fruit[1]} and a vase on a wooden table.`, words: `Kitchen table, ${fruit[1]}, nobody hungry yet.` }
}

function tiles(chance: Random, width: number, height: number, shift: number): Drawing {
  const colours = chance.pick([['#1d3557', '#457b9d', '#f1faee', '#e63946'], ['#264653', '#2a9d8f', '#e9c46a', '#f4a261'], ['#3c1642', '#086375', '#affc41', '#f7f7ff']])
  const side = Math.round(height / (5 + chance.int(4)))
  let svg = `<rect width="100%" height="100%" fill="${colours[2]}"/>`
  for (let y = 0; y < height; y += side) for (let x = 0; x < width; x += side) {
    const colour = colours[[0, 1, 3][chance.int(3)]!]!
    const turn = chance.int(4) * 90 + shift * 90
    svg += `<g transform="translate(${x + side / 2} ${y + side / 2}) rotate(${n(turn)})"><path d="M${-side / 2} ${-side / 2} h${side} a${side} ${side} 0 0 1 ${-side} ${side} z" fill="${colour}"/></g>`
  }
  return { svg, description: 'A pattern of quarter circles on square tiles, each turned another way.', words: 'New tiles for the kitchen, laid by eye.' }
}

function town(chance: Random, width: number, height: number, shift: number): Drawing {
  const [low, high, sun, when] = chance.pick(skies)
  let svg = sky([low, high]) + `<circle cx="${n(width * 0.8)}" cy="${n(height * 0.2)}" r="${n(height * 0.06)}" fill="${sun}"/>`
  for (let x = -20; x < width;) {
    const wide = width * (0.07 + chance.next() * 0.06)
    const tall = height * (0.25 + chance.next() * 0.3)
    const top = height * 0.86 - tall
    svg += `<path d="M${n(x)} ${n(top)} l${n(wide / 2)} -${n(wide * 0.5)} l${n(wide / 2)} ${n(wide * 0.5)} V${n(height * 0.86)} H${n(x)} z" fill="${chance.pick(['#bc4749', '#e07a5f', '#81b29a', '#f2cc8f', '#577590', '#f4f1de'])}"/>`
    for (let row = 0; row < 3; row++) for (let column = 0; column < 2; column++) svg += `<rect x="${n(x + wide * (0.2 + column * 0.38))}" y="${n(top + tall * (0.12 + row * 0.27))}" width="${n(wide * 0.2)}" height="${n(tall * 0.14)}" fill="${chance.chance(0.4 + shift * 0.5) ? '#ffe8a3' : '#2b2d42'}"/>`
    x += wide + 2
  }
  return { svg: `${svg}<rect y="${n(height * 0.86)}" width="100%" height="100%" fill="#4a4e69"/>`, description: `A row of narrow, coloured houses ${when}, light in some windows.`, words: `Our street ${when}.` }
}

function flowers(chance: Random, width: number, height: number, shift: number): Drawing {
  const petals = chance.pick([['#ef476f', 'pink'], ['#ffd166', 'yellow'], ['#f8f9fa', 'white'], ['#9d4edd', 'purple']] as const)
  let svg = sky(['#d8f3dc', '#b7e4c7'])
  for (let stalk = 0; stalk < 26; stalk++) {
    const [x, y, r] = [chance.next() * width, height * (0.2 + chance.next() * 0.6), height * (0.02 + chance.next() * 0.025)]
    const sway = Math.sin(shift * 6.3 + stalk) * height * 0.02
    svg += `<path d="M${n(x)} ${height} Q${n(x)} ${n((y + height) / 2)} ${n(x + sway)} ${n(y)}" stroke="#40916c" stroke-width="4" fill="none"/>`
    for (let petal = 0; petal < 7; petal++) svg += `<circle cx="${n(x + sway + Math.cos(petal * 0.9) * r)}" cy="${n(y + Math.sin(petal * 0.9) * r)}" r="${n(r * 0.75)}" fill="${petals[0]}"/>`
    svg += `<circle cx="${n(x + sway)}" cy="${n(y)}" r="${n(r * 0.6)}" fill="#7f4f24"/>`
  }
  return { svg, description: `A meadow of ${petals[1]} flowers on long stalks.`, words: `The ${petals[1]} ones won this year.` }
}
