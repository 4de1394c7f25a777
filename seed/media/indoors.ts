import { ball, gradient, hours, mix, n, ridge, sky } from './paint.ts'
import type { Drawing, Scene } from './paint.ts'

const wallAndTable = (wall: string, table: string, width: number, height: number, line: number) =>
  `<defs>${gradient('wall', [mix(wall, '#ffffff', 0.25), mix(wall, '#3a2a30', 0.22)])}${gradient('table', [mix(table, '#ffffff', 0.12), mix(table, '#1c100c', 0.35)])}</defs><rect width="${width}" height="${height}" fill="url(#wall)"/><path d="M${n(width * 0.05)} 0 h${n(width * 0.2)} l${n(width * 0.28)} ${n(line)} h${n(-width * 0.26)} z M${n(width * 0.3)} 0 h${n(width * 0.13)} l${n(width * 0.3)} ${n(line)} h${n(-width * 0.17)} z" fill="#fff6d8" opacity="0.28"/><rect y="${n(line)}" width="${width}" height="${n(height - line)}" fill="url(#table)"/>${[0.12, 0.3, 0.55, 0.8].map((part) => `<rect y="${n(line + (height - line) * part)}" width="${width}" height="2" fill="#2a1710" opacity="0.25"/>`).join('')}`

const vase = (x: number, foot: number, tall: number, colour: string) =>
  `<ellipse cx="${n(x)}" cy="${n(foot)}" rx="${n(tall * 0.4)}" ry="${n(tall * 0.06)}" opacity="0.25"/><path d="M${n(x - tall * 0.12)} ${n(foot - tall)} c${n(tall * 0.02)} ${n(tall * 0.3)} ${n(-tall * 0.24)} ${n(tall * 0.36)} ${n(-tall * 0.22)} ${n(tall * 0.62)} c0 ${n(tall * 0.22)} ${n(tall * 0.1)} ${n(tall * 0.38)} ${n(tall * 0.16)} ${n(tall * 0.38)} h${n(tall * 0.36)} c${n(tall * 0.06)} 0 ${n(tall * 0.16)} ${n(-tall * 0.16)} ${n(tall * 0.16)} ${n(-tall * 0.38)} c${n(tall * 0.02)} ${n(-tall * 0.26)} ${n(-tall * 0.24)} ${n(-tall * 0.32)} ${n(-tall * 0.22)} ${n(-tall * 0.62)} z" fill="${colour}"/><path d="M${n(x - tall * 0.22)} ${n(foot - tall * 0.5)} c${n(-tall * 0.08)} ${n(tall * 0.14)} ${n(-tall * 0.04)} ${n(tall * 0.3)} ${n(tall * 0.03)} ${n(tall * 0.36)}" stroke="#fff" stroke-width="${n(tall * 0.035)}" stroke-linecap="round" fill="none" opacity="0.45"/><path d="M${n(x - tall * 0.31)} ${n(foot - tall * 0.4)} q${n(tall * 0.33)} ${n(tall * 0.08)} ${n(tall * 0.66)} 0" stroke="#fff" stroke-width="${n(tall * 0.03)}" fill="none" opacity="0.6" stroke-dasharray="${n(tall * 0.05)}"/>`

export const fruit: Scene = (chance, nth, width, height) => {
  const [colour, what, leaf] = ([['#c4222c', { en: 'Red apples', ar: 'تفاح أحمر' }, true], ['#eec23c', { en: 'Lemons', ar: 'ليمون' }, true], ['#8aa845', { en: 'Green pears', ar: 'إجاص أخضر' }, true], ['#6b2a5a', { en: 'Plums', ar: 'برقوق' }, false], ['#ef7a24', { en: 'Oranges', ar: 'برتقال' }, true]] as const)[nth % 5]!
  const line = height * 0.58
  const size = Math.min(width, height)
  let svg = wallAndTable(chance.pick(['#d9cbb2', '#a9bcc4', '#b7a7b4', '#9aab8c', '#e2b79a']), '#8d5a3c', width, height, line) + `<defs>${ball('fruit', colour)}</defs>`
  const tall = size * 0.38
  const petal = chance.pick(['#f7d6dc', '#ffffff', '#f3b54a', '#b48be0'])
  for (let stem = 0; stem < 7; stem++) {
    const [x, y] = [width * 0.68 + (stem - 3) * size * 0.075, line + size * 0.08 - tall * (1.2 + chance.next() * 0.32)]
    svg += `<path d="M${n(width * 0.68)} ${n(line - tall * 0.6)} Q${n(width * 0.68)} ${n(y + tall * 0.3)} ${n(x)} ${n(y)}" stroke="#4b7a47" stroke-width="${n(size * 0.007)}" fill="none"/>`
    for (let leafAt = 0; leafAt < 7; leafAt++) svg += `<ellipse cx="${n(x)}" cy="${n(y - size * 0.026)}" rx="${n(size * 0.014)}" ry="${n(size * 0.03)}" fill="${mix(petal, '#8a3050', leafAt % 2 * 0.15)}" transform="rotate(${n(leafAt * 51.4)} ${n(x)} ${n(y)})"/>`
    svg += `<circle cx="${n(x)}" cy="${n(y)}" r="${n(size * 0.013)}" fill="#7c4a1e"/>`
  }
  svg += vase(width * 0.68, line + size * 0.1, tall, chance.pick(['#3d5f86', '#7fae94', '#c97b5a', '#e9e2d2']))
  const count = 4 + chance.int(3)
  for (let at = 0; at < count; at++) {
    const r = size * (0.085 + chance.next() * 0.018)
    const [x, y] = [width * 0.14 + at * r * 1.72, line + size * (0.06 + (at % 2) * 0.1)]
    svg += `<ellipse cx="${n(x + r * 0.35)}" cy="${n(y + r * 0.85)}" rx="${n(r * 1.25)}" ry="${n(r * 0.24)}" opacity="0.28"/><circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="url(#fruit)"/><path d="M${n(x)} ${n(y - r * 0.88)} q${n(r * 0.05)} ${n(-r * 0.25)} ${n(r * 0.18)} ${n(-r * 0.35)}" stroke="#4b3220" stroke-width="${n(r * 0.08)}" fill="none"/>${leaf && at % 2 ? `<path d="M${n(x + r * 0.1)} ${n(y - r)} q${n(r * 0.35)} ${n(-r * 0.4)} ${n(r * 0.75)} ${n(-r * 0.1)} q${n(-r * 0.3)} ${n(r * 0.3)} ${n(-r * 0.75)} ${n(r * 0.1)} z" fill="#5a8a43"/>` : ''}`
  }
  return {
    svg, description: { en: `${what.en} on a wooden table beside a vase of flowers, light falling in from the window.`, ar: `${what.ar} على طاولة خشبية بجانب مزهرية أزهار، والضوء يدخل من النافذة.` },
    words: [
      { en: `${what.en} from the tree behind the school. Take some, the basket is at the gate.`, ar: `${what.ar} من الشجرة خلف المدرسة. خذوا منها، السلة عند البوابة.` },
      { en: 'The light came in at four and stayed for ten minutes.', ar: 'دخل الضوء في الرابعة وبقي عشر دقائق.' },
      { en: 'Still life with nobody hungry yet.', ar: 'طبيعة صامتة قبل أن يجوع أحد.' },
      { en: 'Painting class, week three. I brought the models.', ar: 'الأسبوع الثالث من درس الرسم، وأنا من أحضر النموذج.' },
    ],
  }
}

export const bread: Scene = (chance, nth, width, height) => {
  const size = Math.min(width, height)
  const line = height * 0.5
  const crust = chance.pick(['#b5713a', '#9c5a2b', '#c68a4b'])
  let svg = wallAndTable(chance.pick(['#e6d3b8', '#b9c4bd', '#cfb6a6', '#8fa0ab']), '#a87850', width, height, line)
  svg += `<defs>${ball('crust', crust)}${ball('cup', '#e9e4da')}</defs><path d="M${n(width * 0.08)} ${n(line + size * 0.34)} L${n(width * 0.2)} ${n(line + size * 0.06)} H${n(width * 0.95)} L${n(width * 0.88)} ${n(line + size * 0.34)} z" fill="#f3efe6"/>${[0.1, 0.16, 0.28].map((at) => `<path d="M${n(width * (0.2 - at * 0.43))} ${n(line + size * (0.06 + at))} H${n(width * (0.95 - at * 0.25))}" stroke="#b5443a" stroke-width="${n(size * 0.008)}" opacity="0.7"/>`).join('')}`
  const loaves = 1 + nth % 3
  for (let at = 0; at < loaves; at++) {
    const [long, high] = [size * (0.3 - at * 0.05), size * (0.17 - at * 0.02)]
    const [x, y] = [width * (0.36 + at * 0.17), line + size * (0.02 + at * 0.09)]
    svg += `<ellipse cx="${n(x + size * 0.02)}" cy="${n(y + high * 0.8)}" rx="${n(long * 1.05)}" ry="${n(high * 0.28)}" opacity="0.28"/><path d="M${n(x - long)} ${n(y + high * 0.5)} C${n(x - long * 1.05)} ${n(y - high)} ${n(x - long * 0.5)} ${n(y - high * 1.2)} ${n(x)} ${n(y - high * 1.2)} S${n(x + long * 1.05)} ${n(y - high)} ${n(x + long)} ${n(y + high * 0.5)} Q${n(x)} ${n(y + high * 1.15)} ${n(x - long)} ${n(y + high * 0.5)} z" fill="url(#crust)"/>`
    for (let cut = -2; cut <= 2; cut++) svg += `<path d="M${n(x + cut * long * 0.32 - long * 0.1)} ${n(y - high * 0.1)} q${n(long * 0.02)} ${n(-high * 0.6)} ${n(long * 0.2)} ${n(-high * 0.8)} q${n(-long * 0.02)} ${n(high * 0.5)} ${n(-long * 0.2)} ${n(high * 0.8)} z" fill="#f2d9a8" opacity="0.9"/>`
    for (let flour = 0; flour < 50; flour++) svg += `<circle cx="${n(x + (chance.next() - 0.5) * long * 1.5)}" cy="${n(y - high * (0.2 + chance.next() * 0.8))}" r="${n(size * 0.0022)}" fill="#fff" opacity="0.5"/>`
  }
  const [x, y, r] = [width * 0.84, line + size * 0.12, size * 0.075]
  svg += `<ellipse cx="${n(x)}" cy="${n(y + r * 1.1)}" rx="${n(r * 1.7)}" ry="${n(r * 0.35)}" fill="#d8d0c2"/><path d="M${n(x - r)} ${n(y - r)} h${n(r * 2)} q0 ${n(r * 2)} ${n(-r * 0.6)} ${n(r * 2.05)} h${n(-r * 0.8)} q${n(-r * 0.6)} 0 ${n(-r * 0.6)} ${n(-r * 2.05)} z" fill="url(#cup)"/><path d="M${n(x + r * 0.9)} ${n(y - r * 0.7)} q${n(r * 0.9)} ${n(r * 0.2)} ${n(-r * 0.1)} ${n(r * 1.1)}" stroke="#cfc7b8" stroke-width="${n(r * 0.18)}" fill="none"/><ellipse cx="${n(x)}" cy="${n(y - r)}" rx="${n(r)}" ry="${n(r * 0.24)}" fill="#5b3826"/>${[-0.3, 0.25].map((at) => `<path d="M${n(x + r * at)} ${n(y - r * 1.4)} q${n(r * 0.3)} ${n(-r * 0.4)} 0 ${n(-r * 0.8)} t0 ${n(-r * 0.8)}" stroke="#fff" stroke-width="${n(r * 0.1)}" fill="none" opacity="0.5"/>`).join('')}`
  const counted = ([['A loaf', 'رغيف'], ['Two loaves', 'رغيفان'], ['Three loaves', 'ثلاثة أرغفة']] as const)[loaves - 1]!
  return {
    svg, description: { en: `${counted[0]} with a floured, cut crust on a linen cloth; a cup of coffee steams beside.`, ar: `${counted[1]} من الخبز بقشرة محززة مغبّرة بالطحين على قماش من الكتان، وبجانبه فنجان قهوة يتصاعد بخاره.` },
    words: [
      { en: 'Up at three, out of the oven at six, gone by seven.', ar: 'استيقظت في الثالثة، وخرج من الفرن في السادسة، ونفد في السابعة.' },
      { en: 'More water than the recipe says. Trust me.', ar: 'ماء أكثر مما تقول الوصفة. صدقوني.' },
      { en: 'The starter is nine years old now and behaves like it.', ar: 'عمر الخميرة تسع سنوات الآن، وتتصرف على هذا الأساس.' },
      { en: 'Breakfast for whoever rings the bell.', ar: 'فطور لمن يقرع الجرس.' },
    ],
  }
}

export const tiles: Scene = (chance, nth, width, height, shift) => {
  const [dark, middle, light, warm] = ([['#1d3557', '#457b9d', '#f4f1e6', '#d1493f'], ['#1f4a4f', '#2a9d8f', '#f6ecd2', '#e9a23b'], ['#4a2545', '#a4508b', '#fbefe3', '#f0b44c'], ['#2f3e2e', '#7d9a5b', '#f5f1df', '#c8643c']] as const)[nth % 4]!
  const side = Math.ceil(Math.max(width, height) / (5 + nth % 4))
  const star = (r: number, inner: number, points: number) => Array.from({ length: points * 2 }, (_, at) => { const [angle, long] = [at * Math.PI / points, at % 2 ? inner : r]; return `${n(Math.cos(angle) * long)},${n(Math.sin(angle) * long)}` }).join(' ')
  const h = side / 2
  const points = nth % 2 ? 8 : 6
  const plain = `<rect x="${n(-h)}" y="${n(-h)}" width="${side}" height="${side}" fill="${light}"/>${[0, 90, 180, 270].map((turn) => `<path transform="rotate(${turn})" d="M${n(-h)} ${n(-h)} h${n(h * 0.72)} a${n(h * 0.72)} ${n(h * 0.72)} 0 0 1 ${n(-h * 0.72)} ${n(h * 0.72)} z" fill="${middle}"/><path transform="rotate(${turn})" d="M${n(-h)} ${n(-h)} h${n(h * 0.4)} a${n(h * 0.4)} ${n(h * 0.4)} 0 0 1 ${n(-h * 0.4)} ${n(h * 0.4)} z" fill="${warm}"/>`).join('')}<polygon points="${star(h * 0.78, h * 0.42, points)}" fill="${dark}"/><polygon points="${star(h * 0.5, h * 0.24, points)}" fill="${light}"/><circle r="${n(h * 0.15)}" fill="${warm}"/>`
  let svg = `<defs><linearGradient id="shine" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity="0.3"/><stop offset="0.5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#1a1020" stop-opacity="0.35"/></linearGradient></defs><rect width="${width}" height="${height}" fill="${light}"/>`
  for (let y = h; y < height + h; y += side) for (let x = h; x < width + h; x += side) svg += `<g transform="translate(${n(x)} ${n(y)}) rotate(${n(shift * 90)})">${plain}<rect x="${n(-h)}" y="${n(-h)}" width="${side}" height="${side}" fill="${chance.pick([dark, warm, '#ffffff'])}" opacity="${n(chance.next() * 0.16)}"/><rect x="${n(-h)}" y="${n(-h)}" width="${side}" height="${side}" fill="none" stroke="#fff" stroke-opacity="0.7" stroke-width="${n(side * 0.018)}"/></g>`
  const pointed = points === 8 ? { en: 'eight-pointed', ar: 'ثمانية' } : { en: 'six-pointed', ar: 'سداسية' }
  return {
    svg: `${svg}<rect width="${width}" height="${height}" fill="url(#shine)"/>`, description: { en: `Glazed wall tiles with ${pointed.en} stars and quarter circles, each a little different in shade.`, ar: `بلاط جدار مزجّج بنجوم ${pointed.ar} وأرباع دوائر، كل قطعة بدرجة لون مختلفة قليلًا.` },
    words: [
      { en: 'New tiles for the kitchen, laid by eye. Don’t measure.', ar: 'بلاط جديد للمطبخ، ركبته بالنظر. لا تقيسوا.' },
      { en: 'Found under four layers of paint in the old bath house.', ar: 'وجدناه تحت أربع طبقات من الطلاء في الحمام القديم.' },
      { en: 'Geometry homework that stays on the wall.', ar: 'واجب هندسة يبقى على الجدار.' },
      { en: 'Evening course, third firing. Two broke, the rest sing.', ar: 'الدورة المسائية، الحرق الثالث. انكسرت قطعتان والباقي رائع.' },
    ],
  }
}

const coats = [['#e08a3c', { en: 'A ginger cat', ar: 'قط برتقالي' }], ['#2f2c33', { en: 'A black cat', ar: 'قط أسود' }], ['#8c8f98', { en: 'A grey cat', ar: 'قط رمادي' }], ['#f2ebe0', { en: 'A white cat', ar: 'قط أبيض' }], ['#8a5f43', { en: 'A brown cat', ar: 'قط بني' }]] as const

/** A sitting cat, `size` tall, with its feet at x, y. */
export function catShape(x: number, y: number, size: number, coat: string, eyes: string): string {
  const dark = mix(coat, '#201018', 0.4)
  const ear = (side: number) => `<path d="M${n(side * 0.19 * size)} ${n(-0.86 * size)} L${n(side * 0.2 * size)} ${n(-1.08 * size)} L${n(side * 0.03 * size)} ${n(-0.94 * size)} z" fill="${coat}"/><path d="M${n(side * 0.165 * size)} ${n(-0.89 * size)} L${n(side * 0.178 * size)} ${n(-1.02 * size)} L${n(side * 0.07 * size)} ${n(-0.93 * size)} z" fill="#e3a3a0"/>`
  const eye = (side: number) => `<ellipse cx="${n(side * 0.085 * size)}" cy="${n(-0.81 * size)}" rx="${n(size * 0.04)}" ry="${n(size * 0.043)}" fill="${eyes}"/><ellipse cx="${n(side * 0.085 * size)}" cy="${n(-0.81 * size)}" rx="${n(size * 0.013)}" ry="${n(size * 0.038)}" fill="#15101a"/><circle cx="${n(side * 0.085 * size + size * 0.012)}" cy="${n(-0.825 * size)}" r="${n(size * 0.01)}" fill="#fff"/>`
  return `<g transform="translate(${n(x)} ${n(y)})"><path d="M${n(size * 0.2)} ${n(-size * 0.08)} C${n(size * 0.62)} 0 ${n(size * 0.6)} ${n(-size * 0.42)} ${n(size * 0.45)} ${n(-size * 0.46)}" stroke="${coat}" stroke-width="${n(size * 0.085)}" stroke-linecap="round" fill="none"/><path d="M${n(-size * 0.28)} 0 C${n(-size * 0.36)} ${n(-size * 0.45)} ${n(-size * 0.16)} ${n(-size * 0.6)} 0 ${n(-size * 0.68)} C${n(size * 0.16)} ${n(-size * 0.6)} ${n(size * 0.36)} ${n(-size * 0.45)} ${n(size * 0.28)} 0 z" fill="${coat}"/><ellipse cx="0" cy="${n(-size * 0.36)}" rx="${n(size * 0.11)}" ry="${n(size * 0.2)}" fill="#fff" opacity="0.55"/><path d="M${n(-size * 0.06)} ${n(-size * 0.3)} V0 M${n(size * 0.06)} ${n(-size * 0.3)} V0" stroke="${dark}" stroke-width="${n(size * 0.012)}"/><ellipse cx="${n(-size * 0.09)}" cy="${n(-size * 0.02)}" rx="${n(size * 0.09)}" ry="${n(size * 0.045)}" fill="${mix(coat, '#ffffff', 0.4)}"/><ellipse cx="${n(size * 0.09)}" cy="${n(-size * 0.02)}" rx="${n(size * 0.09)}" ry="${n(size * 0.045)}" fill="${mix(coat, '#ffffff', 0.4)}"/>${ear(-1)}${ear(1)}<ellipse cx="0" cy="${n(-size * 0.79)}" rx="${n(size * 0.225)}" ry="${n(size * 0.19)}" fill="${coat}"/>${[-0.06, 0, 0.06].map((at) => `<path d="M${n(size * at)} ${n(-size * 0.96)} v${n(size * 0.07)}" stroke="${dark}" stroke-width="${n(size * 0.018)}" stroke-linecap="round"/>`).join('')}${eye(-1)}${eye(1)}<path d="M${n(-size * 0.02)} ${n(-size * 0.745)} h${n(size * 0.04)} l${n(-size * 0.02)} ${n(size * 0.022)} z" fill="#d97b80"/><path d="M0 ${n(-size * 0.725)} q${n(-size * 0.03)} ${n(size * 0.04)} ${n(-size * 0.06)} ${n(size * 0.012)} M0 ${n(-size * 0.725)} q${n(size * 0.03)} ${n(size * 0.04)} ${n(size * 0.06)} ${n(size * 0.012)} M${n(-size * 0.1)} ${n(-size * 0.735)} l${n(-size * 0.19)} ${n(-size * 0.02)} M${n(-size * 0.1)} ${n(-size * 0.715)} l${n(-size * 0.18)} ${n(size * 0.03)} M${n(size * 0.1)} ${n(-size * 0.735)} l${n(size * 0.19)} ${n(-size * 0.02)} M${n(size * 0.1)} ${n(-size * 0.715)} l${n(size * 0.18)} ${n(size * 0.03)}" stroke="${dark}" stroke-width="${n(size * 0.008)}" fill="none"/></g>`
}

export const cat: Scene = (chance, nth, width, height, shift): Drawing => {
  const [coat, who] = coats[nth % coats.length]!
  const hour = hours[(nth * 2 + 1) % hours.length]!
  const wall = chance.pick(['#c9a98a', '#8fa79b', '#b99aa5', '#d8c49a', '#7f93a8'])
  const sill = height * 0.8
  let svg = sky(chance, hour, width, height, { x: width * 0.3, y: height * 0.25 }, shift)
  for (let row = 0; row < 3; row++) svg += ridge(chance, width, height, height * (0.5 + row * 0.1), height * 0.1, mix(hour.sky[2], hour.dark ? '#0a1026' : '#3a5f4c', 0.35 + row * 0.2)).svg
  const frame = mix(wall, '#ffffff', 0.75)
  svg += `<path fill-rule="evenodd" d="M0 0 H${width} V${height} H0 z M${n(width * 0.12)} ${n(height * 0.08)} V${n(sill)} H${n(width * 0.88)} V${n(height * 0.08)} z" fill="${wall}"/><g fill="none" stroke="${frame}" stroke-width="${n(width * 0.022)}"><rect x="${n(width * 0.12)}" y="${n(height * 0.08)}" width="${n(width * 0.76)}" height="${n(sill - height * 0.08)}"/><path d="M${n(width * 0.5)} ${n(height * 0.08)} V${n(sill)} M${n(width * 0.12)} ${n(height * 0.36)} H${n(width * 0.88)}"/></g>`
  for (const side of [0, 1]) svg += `<path transform="${side ? `translate(${width} 0) scale(-1 1)` : ''}" d="M${n(width * 0.04)} ${n(height * 0.03)} H${n(width * 0.3)} C${n(width * 0.24)} ${n(height * 0.3)} ${n(width * 0.12)} ${n(height * 0.4)} ${n(width * 0.1)} ${n(height * 0.75)} H${n(width * 0.04)} z" fill="${mix(wall, '#b4472f', 0.5)}" opacity="0.85"/>`
  svg += `<rect x="${n(width * 0.06)}" y="${n(sill)}" width="${n(width * 0.88)}" height="${n(height * 0.035)}" fill="${frame}"/><rect x="${n(width * 0.06)}" y="${n(sill + height * 0.035)}" width="${n(width * 0.88)}" height="${n(height * 0.02)}" opacity="0.2"/>`
  const size = Math.min(width, height) * 0.56
  svg += catShape(width * (0.36 + chance.next() * 0.2), sill + height * 0.004, size, coat, chance.pick(['#e8c23a', '#7fbf6a', '#6fb3d8']))
  const [x, r] = [width * 0.78, Math.min(width, height) * 0.05]
  for (let leaf = 0; leaf < 9; leaf++) svg += `<path d="M${n(x)} ${n(sill - r * 1.6)} q${n((leaf - 4) * r * 0.35)} ${n(-r * 2)} ${n((leaf - 4) * r * 0.6)} ${n(-r * (2.4 - Math.abs(leaf - 4) * 0.3))}" stroke="${leaf % 2 ? '#4f8a4a' : '#74a95c'}" stroke-width="${n(r * 0.28)}" stroke-linecap="round" fill="none"/>`
  svg += `<path d="M${n(x - r)} ${n(sill - r * 1.8)} h${n(r * 2)} l${n(-r * 0.35)} ${n(r * 1.8)} h${n(-r * 1.3)} z" fill="#b9603c"/>`
  return {
    svg, description: { en: `${who.en} sits on a windowsill beside a potted plant and looks at us; outside are hills ${hour.when.en}.`, ar: `${who.ar} يجلس على حافة النافذة بجانب نبتة في أصيص وينظر إلينا، وفي الخارج تلال ${hour.when.ar}.` },
    words: [
      { en: 'Somebody has taken my place at the window again.', ar: 'أخذ أحدهم مكاني عند النافذة مرة أخرى.' },
      { en: 'Supervisor on duty.', ar: 'المشرف في نوبته.' },
      { en: 'He heard the tin. There was no tin.', ar: 'سمع صوت العلبة. لم تكن هناك علبة.' },
      { en: 'Not my cat. He says otherwise.', ar: 'ليس قطي، وله رأي آخر.' },
    ],
  }
}
