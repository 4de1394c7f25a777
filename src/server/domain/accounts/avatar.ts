import { createHash } from 'node:crypto'

/**
 * A picture for an account that has none: the same name always gives the same one. Three hills under an evening sky
 * with its sun, in neighbouring hues; the initial has at least 4.5:1 on everything it lies on. SVG text of about 1 kB.
 */
export function avatarSvg(username: string): string {
  const bytes = createHash('sha256').update(username.normalize('NFKC').toLowerCase()).digest()
  const at = (index: number, from: number, to: number) => from + (bytes[index]! / 255) * (to - from)
  const ground = at(0, 0, 360)
  // The sky leans to a neighbouring hue: near enough to belong together, far enough to be seen.
  const sky = ground + (bytes[1]! % 2 ? 1 : -1) * at(2, 35, 85)
  const middle = (ground + sky) / 2
  const colours = { high: oklch(0.93, 0.04, sky), low: oklch(0.87, 0.09, sky), sun: oklch(0.97, 0.06, 85 + at(3, -25, 20)), far: oklch(0.81, 0.1, middle), mid: oklch(0.75, 0.115, middle + (ground - middle) / 2), near: oklch(0.69, 0.125, ground), ink: oklch(0.26, 0.07, ground) }
  const n = (value: number) => value.toFixed(1)
  const hill = (index: number, height: number, swing: number) => {
    const [left, right] = [height + at(index, -6, 6), height + at(index + 1, -6, 6)]
    const lift = swing * (bytes[index + 2]! % 2 ? 1 : -1)
    return `M0 ${n(left)}C${n(at(index + 3, 20, 40))} ${n(left - lift)} ${n(at(index + 4, 60, 80))} ${n(right + lift)} 100 ${n(right)}V100H0Z`
  }
  const letter = escape([...username][0]?.toUpperCase() ?? '')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${colours.high}"/><stop offset=".7" stop-color="${colours.low}"/></linearGradient></defs>`
    + `<rect width="100" height="100" fill="url(#s)"/><circle cx="${n(at(4, 18, 82))}" cy="${n(at(5, 18, 34))}" r="${n(at(6, 9, 15))}" fill="${colours.sun}"/>`
    + `<path d="${hill(7, 52, 13)}" fill="${colours.far}"/><path d="${hill(12, 66, 12)}" fill="${colours.mid}"/><path d="${hill(17, 82, 9)}" fill="${colours.near}"/>`
    + `<text x="50" y="52" text-anchor="middle" dominant-baseline="central" font-family="Figtree Variable,Vazirmatn Variable,Figtree,Vazirmatn,system-ui,sans-serif" font-weight="650" font-size="46" fill="${colours.ink}">${letter}</text></svg>`
}

const escape = (text: string) => text.replace(/[<>&"]/g, (sign) => `&#${sign.codePointAt(0)};`)

/** Lightness 0 … 1, chroma, hue in degrees as '#rrggbb'; colours that screens can't show are brought to the nearest channel values. */
function oklch(lightness: number, chroma: number, hue: number): string {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const channels = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s]
  return `#${channels.map((value) => Math.round(255 * Math.min(1, Math.max(0, value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055))).toString(16).padStart(2, '0')).join('')}`
}
