/** One colour chosen by the owner must be readable as button, link and soft background in both themes (WCAG AA). */
type Triple = [number, number, number]

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const toGamma = (value: number) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055)
const clamp = (value: number) => Math.min(1, Math.max(0, value))

function parse(hex: string): Triple {
  return [1, 3, 5].map((at) => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as Triple
}
function write(colour: Triple): string {
  return `#${colour.map((value) => Math.round(clamp(toGamma(clamp(value))) * 255).toString(16).padStart(2, '0')).join('')}`
}
function toOklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s]
}
function fromOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s].map(clamp) as Triple
}
/** CSS's color-mix(in oklab, one share, other) */
function mix(one: Triple, share: number, other: Triple): Triple {
  const [a, b] = [toOklab(one), toOklab(other)]
  return fromOklab(a.map((value, at) => value * share + b[at]! * (1 - share)) as Triple)
}
const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b

/** Contrast of two colours, 1 … 21. */
export function contrast(one: string, other: string): number {
  return contrastOf(parse(one), parse(other))
}
function contrastOf(one: Triple, other: Triple): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

const white = parse('#ffffff')
const black = parse('#000000')
// As in src/ui/design/tokens.css.
const light = { surface: parse('#fffefc'), raised: parse('#f3eee8'), onAccent: white }
const dark = { surface: parse('#1e1a17'), raised: parse('#292420'), onAccent: parse('#1d1611') }

/** The lowest contrast of everything that tokens.css and the root layout make of the accent. */
export function worstContrast(hex: string): number {
  const base = parse(hex)
  const text = mix(base, 0.88, black)
  const darkText = mix(base, 0.5, white)
  return Math.min(
    contrastOf(base, light.onAccent), contrastOf(text, light.raised), contrastOf(text, mix(base, 0.1, light.surface)),
    contrastOf(mix(base, 0.62, white), dark.onAccent), contrastOf(darkText, dark.raised), contrastOf(darkText, mix(base, 0.22, dark.surface)),
  )
}

/** The colour itself where it can be read everywhere; otherwise the nearest lighter or darker one that can. */
export function readableAccent(hex: string): string {
  const [lightness, a, b] = toOklab(parse(hex))
  for (let step = 0; step <= 100; step++) {
    for (const sign of [-1, 1]) {
      const candidate = step === 0 ? hex.toLowerCase() : write(fromOklab([clamp(lightness + sign * step * 0.01), a, b]))
      if (worstContrast(candidate) >= 4.5) return candidate
    }
  }
  // Chroma that no lightness can carry: grey of a middle lightness always can.
  return '#6b6460'
}
