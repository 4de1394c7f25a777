// Writes static/icons.svg, src/ui/base/icons.ts and src/ui/base/icon-shapes.ts from the icons we use of the Lucide set (ISC licence).
import { readFileSync, writeFileSync } from 'node:fs'

const names = `house compass bell bookmark heart repeat-2 message-circle share ellipsis search user users settings shield flag log-out log-in plus image film music mic smile
  chart-bar-big globe lock at-sign eye eye-off triangle-alert pencil trash-2 pin pin-off link x check chevron-left chevron-right chevron-down chevron-up arrow-left arrow-right arrow-up
  hash trending-up megaphone user-plus user-check user-x volume-x volume-2 ban clock radio-tower calendar key fingerprint smartphone mail inbox refresh-cw download upload
  play pause skip-forward skip-back list-music captions maximize zoom-in loader-circle circle-alert info star sparkles sun moon languages keyboard feather send
  history rotate-ccw filter gavel scroll-text badge-check circle-help camera palette door-open ticket copy quote at-sign hand monitor layout-dashboard activity heart-handshake flame focus minimize picture-in-picture-2 hourglass hand-helping scale landmark user-round-search graduation-cap coffee undo-2 file-warning snowflake tag messages-square`.split(/\s+/).filter(Boolean)
const unique = [...new Set(names)]
const shapes = new Map(unique.map((name) => {
  const svg = readFileSync(new URL(`../node_modules/lucide-static/icons/${name}.svg`, import.meta.url), 'utf8')
  const inner = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace(/<\/svg>\s*$/, '').replace(/\s+/g, ' ').trim()
  return [name, inner.replaceAll(' />', '/>').replaceAll('> <', '><')]
}))
const symbols = [...shapes].map(([name, inner]) => `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`)
writeFileSync(new URL('../static/icons.svg', import.meta.url), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`)
writeFileSync(new URL('../src/ui/base/icons.ts', import.meta.url), `// Written by bin/icons.js.\nexport type IconName =\n${unique.map((name) => `  | '${name}'`).join('\n')}\n`)
writeFileSync(new URL('../src/ui/base/icon-shapes.ts', import.meta.url), `// Written by bin/icons.js.
import type { IconName } from './icons.ts'

/** What is drawn. For the server alone: browsers have all of them in /icons.svg. */
export const shapes: Record<IconName, string> = {\n${[...shapes].map(([name, inner]) => `  '${name}': '${inner}',`).join('\n')}\n}\n`)
