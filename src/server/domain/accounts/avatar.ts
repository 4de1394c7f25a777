import { createHash } from 'node:crypto'

/**
 * A picture for an account that has none: the same name always gives the same one. Hills, a sun and a window of
 * light, in one of 36 harmonies; the initial in a tone with at least 4.5:1 on its ground. SVG text of about 1 kB.
 */
export function avatarSvg(username: string): string {
  const bytes = createHash('sha256').update(username.normalize('NFKC').toLowerCase()).digest()
  const at = (index: number, from: number, to: number) => from + (bytes[index]! / 255) * (to - from)
  const hue = Math.round(at(0, 0, 36)) * 10
  const second = (hue + [28, 45, 150, 200][bytes[1]! % 4]!) % 360
  const sky = `hsl(${hue} 58% 84%)`
  const glow = `hsl(${second} 72% 91%)`
  const far = `hsl(${second} 42% 68%)`
  const near = `hsl(${hue} 46% 48%)`
  const ink = `hsl(${hue} 62% 20%)`
  const sunX = at(2, 24, 76)
  const sunY = at(3, 20, 40)
  const r = at(4, 11, 19)
  const a = at(5, 50, 64)
  const b = at(6, 44, 70)
  const c = at(7, 66, 82)
  const d = at(8, 62, 84)
  const letter = escape([...username][0]?.toUpperCase() ?? '')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="${sky}"/><circle cx="${sunX.toFixed(1)}" cy="${sunY.toFixed(1)}" r="${r.toFixed(1)}" fill="${glow}"/>`
    + `<path d="M0 ${a.toFixed(1)}C25 ${(a - 14).toFixed(1)} 45 ${(b + 10).toFixed(1)} 100 ${b.toFixed(1)}V100H0Z" fill="${far}"/>`
    + `<path d="M0 ${c.toFixed(1)}C30 ${(c + 10).toFixed(1)} 60 ${(d - 16).toFixed(1)} 100 ${d.toFixed(1)}V100H0Z" fill="${near}"/>`
    + `<text x="50" y="51" text-anchor="middle" dominant-baseline="central" font-family="Figtree Variable,Vazirmatn Variable,system-ui,sans-serif" font-weight="700" font-size="44" fill="${ink}">${letter}</text></svg>`
}

const escape = (text: string) => text.replace(/[<>&"]/g, (sign) => `&#${sign.codePointAt(0)};`)
