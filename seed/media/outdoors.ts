import { glow, gradient, hours, houses, mix, n, ridge, ripples, seasons, sky, tree } from './paint.ts'
import type { Scene } from './paint.ts'

export const hills: Scene = (chance, nth, width, height, shift) => {
  const hour = hours[nth % hours.length]!
  const season = seasons[Math.floor(nth / 2) % seasons.length]!
  const left = chance.chance(0.5)
  const sun = { x: width * (left ? 0.28 : 0.7), y: height * (0.2 + chance.next() * 0.16 + shift * 0.12) }
  const near = hour.dark ? mix(season.near, '#0a1026', 0.72) : season.near
  let svg = sky(chance, hour, width, height, sun, shift)
  for (let row = 0; row < 5; row++) {
    const colour = mix(mix(hour.sky[1], hour.sky[2], 0.5), near, 0.18 + row * 0.2)
    const line = ridge(chance, width, height, height * (0.5 + row * 0.1), height * (0.13 - row * 0.012), colour)
    svg += line.svg
    for (let count = 0; row > 1 && count < (row === 4 ? 7 : 12); count++) {
      const x = chance.next() * width
      svg += tree(chance, x, line.at(x) + height * 0.01, height * (0.02 + row * 0.022) * (0.7 + chance.next() * 0.6), mix(chance.pick(season.leaf), colour, hour.dark ? 0.75 : 0.5 - row * 0.1))
    }
    if (row === 3) {
      const [x, side] = [width * (left ? 0.68 : 0.3), height * 0.045]
      const y = line.at(x) + side * 0.15
      svg += `<path d="M${n(x)} ${n(y)} v${n(-side)} l${n(side * 0.8)} ${n(-side * 0.7)} l${n(side * 0.8)} ${n(side * 0.7)} v${n(side)} z" fill="${mix('#f2e6d3', near, hour.dark ? 0.7 : 0.1)}"/><path d="M${n(x - side * 0.15)} ${n(y - side * 0.92)} l${n(side * 0.95)} ${n(-side * 0.85)} l${n(side * 0.95)} ${n(side * 0.85)} z" fill="${mix('#a1452f', near, 0.2)}"/><rect x="${n(x + side * 0.6)}" y="${n(y - side * 0.7)}" width="${n(side * 0.4)}" height="${n(side * 0.4)}" fill="#ffe09a"/>`
    }
  }
  for (let bird = 0; !hour.dark && bird < 6; bird++) svg += `<path d="M${n(width * (0.45 + shift * 0.2) + bird * width * 0.025)} ${n(height * (0.2 + Math.abs(bird - 2) * 0.014))} q${n(width * 0.005)} ${n(-height * 0.012)} ${n(width * 0.01)} 0 q${n(width * 0.005)} ${n(-height * 0.012)} ${n(width * 0.01)} 0" fill="none" stroke="#2c3140" stroke-width="2" opacity="0.7"/>`
  return {
    svg, description: {
      en: `Rows of hills with trees ${season.name.en}, ${hour.when.en}. A small house with a lit window stands ${left ? 'to the right' : 'to the left'}.`,
      ar: `تلال متتابعة عليها أشجار ${season.name.ar}، ${hour.when.ar}. بيت صغير بنافذة مضاءة ${left ? 'إلى اليمين' : 'إلى اليسار'}.`,
    },
    words: [
      { en: `The long way home, ${hour.when.en}.`, ar: `الطريق الأطول إلى البيت، ${hour.when.ar}.` },
      { en: `Behind the quarry, ${season.name.en}. Nobody there but two hares and me.`, ar: `خلف المحجر ${season.name.ar}. لم يكن هناك سوى أرنبين وأنا.` },
      { en: 'Bench, thermos, this. I stayed an hour.', ar: 'مقعد وشاي وهذا المنظر. بقيت ساعة كاملة.' },
      { en: 'Whoever lives in that house: I envy your mornings.', ar: 'يا ساكن ذلك البيت: أغبطك على صباحاتك.' },
      { en: 'No filter, just the weather we have.', ar: 'بلا تعديل، هذا طقسنا كما هو.' },
    ],
  }
}

const boat = (x: number, y: number, size: number, colour: string, sail: string) =>
  `<path d="M${n(x - size)} ${n(y - size * 0.16)} h${n(size * 2.1)} q${n(-size * 0.2)} ${n(size * 0.36)} ${n(-size * 0.6)} ${n(size * 0.36)} h${n(-size * 0.9)} q${n(-size * 0.45)} 0 ${n(-size * 0.6)} ${n(-size * 0.36)} z" fill="${colour}"/><path d="M${n(x - size)} ${n(y - size * 0.16)} h${n(size * 2.1)} l${n(-size * 0.05)} ${n(size * 0.09)} h${n(-size * 1.95)} z" fill="#fff" opacity="0.55"/>${sail ? `<path d="M${n(x + size * 0.05)} ${n(y - size * 0.2)} v${n(-size * 1.7)} l${n(size * 0.85)} ${n(size * 1.5)} z" fill="${sail}"/><path d="M${n(x - size * 0.05)} ${n(y - size * 0.25)} v${n(-size * 1.35)} l${n(-size * 0.6)} ${n(size * 1.25)} z" fill="${mix(sail, '#808090', 0.18)}"/><rect x="${n(x - size * 0.02)}" y="${n(y - size * 1.95)}" width="${n(size * 0.05)}" height="${n(size * 1.8)}" fill="#4b3a2f"/>` : ''}`

export const sea: Scene = (chance, nth, width, height, shift) => {
  const hour = hours[(nth + 3) % hours.length]!
  const line = height * (0.46 + chance.next() * 0.1)
  const sun = { x: width * (0.3 + chance.next() * 0.4), y: line - height * (0.05 + chance.next() * 0.2) + shift * height * 0.1 }
  const water = hour.dark ? ['#1c2a55', '#0a1230'] : [mix(hour.sky[2], '#3a7c94', 0.55), mix(hour.sky[0], '#12384e', 0.7)]
  let svg = sky(chance, hour, width, height, sun, shift) + `<defs>${gradient('water', water)}</defs>`
  svg += ridge(chance, width, height, line - height * 0.02, height * 0.06, mix(hour.sky[1], '#2d3e5c', 0.45)).svg
  svg += `<rect y="${n(line)}" width="${width}" height="${n(height - line)}" fill="url(#water)"/>${ripples(chance, sun.x, line, width, height, hour.sun, shift)}`
  const lighthouse = nth % 2 === 1
  if (lighthouse) {
    const [x, base, w] = [width * 0.86, line + height * 0.05, height * 0.028]
    svg += `<ellipse cx="${n(x)}" cy="${n(base)}" rx="${n(width * 0.1)}" ry="${n(height * 0.035)}" fill="#39404a"/><path d="M${n(x - w)} ${n(base)} l${n(w * 0.35)} ${n(-height * 0.3)} h${n(w * 1.3)} l${n(w * 0.35)} ${n(height * 0.3)} z" fill="#f4efe6"/>${[0.07, 0.17].map((at) => `<path d="M${n(x - w * 0.86)} ${n(base - height * at)} h${n(w * 1.72)} v${n(-height * 0.045)} h${n(-w * 1.66)} z" fill="#b8402f"/>`).join('')}<rect x="${n(x - w * 0.5)}" y="${n(base - height * 0.34)}" width="${n(w)}" height="${n(height * 0.04)}" fill="#ffe28a"/><path d="M${n(x - w * 0.7)} ${n(base - height * 0.34)} l${n(w * 0.7)} ${n(-height * 0.03)} l${n(w * 0.7)} ${n(height * 0.03)} z" fill="#5b2a26"/>`
  }
  const sails = 1 + nth % 3
  for (let at = 0; at < sails; at++) svg += boat(width * ((0.16 + at * 0.24 + chance.next() * 0.1 + shift * 0.45) % 1.1), line + height * (0.08 + at * 0.09) + Math.sin(shift * 19 + at) * height * 0.005, height * (0.05 + at * 0.018), chance.pick(['#7a2e26', '#27445c', '#3d5a3f', '#f0e9da']), chance.pick(['#fdf7ea', '#e9a15b', '#f6d9c0', '#ffffff']))
  const [one, many] = [sails === 1, sails === 2]
  return {
    svg, description: {
      en: `${one ? 'A sailing boat' : many ? 'Two sailing boats' : 'Three sailing boats'} on calm water ${hour.when.en}; light lies on the waves${lighthouse ? ', and a white and red lighthouse stands on a rock' : ''}.`,
      ar: `${one ? 'قارب شراعي' : many ? 'قاربان شراعيان' : 'ثلاثة قوارب شراعية'} على ماء هادئ ${hour.when.ar}، والضوء يلمع على الموج${lighthouse ? '، ومنارة بيضاء وحمراء على صخرة' : ''}.`,
    },
    words: [
      { en: `Out on the water ${hour.when.en}. The wind forgot us and we didn’t mind.`, ar: `في عرض البحر ${hour.when.ar}. نسيَتنا الريح ولم نكترث.` },
      { en: 'Regatta, they said. It was more of a stroll.', ar: 'قالوا سباق قوارب، وكان أقرب إلى نزهة.' },
      { en: 'Photographed from the pier with a sandwich in the other hand.', ar: 'صورتها من الرصيف وفي يدي الأخرى شطيرة.' },
      { en: 'The sea did all the work here.', ar: 'البحر هو من صنع هذه الصورة.' },
    ],
  }
}

export const harbour: Scene = (chance, nth, width, height, shift) => {
  const hour = hours[(nth * 5 + 1) % hours.length]!
  const quay = height * 0.64
  const sun = { x: width * (0.2 + chance.next() * 0.6), y: height * 0.16 }
  const back = mix(hour.sky[1], hour.dark ? '#0a1026' : '#3f5d55', 0.55)
  const row = houses(chance, width, quay, height * 0.3, hour.dark, shift)
  let svg = sky(chance, hour, width, height, sun, shift) + ridge(chance, width, height, height * 0.42, height * 0.14, back).svg + row
  svg += `<defs>${gradient('water', [mix(hour.sky[1], '#1f3b4d', 0.65), mix(hour.sky[0], '#0c2230', 0.75)])}${glow('lamp', '#ffd27a')}</defs><rect y="${n(quay)}" width="${width}" height="${n(height * 0.025)}" fill="#5d5148"/><rect y="${n(quay + height * 0.025)}" width="${width}" height="${n(height)}" fill="url(#water)"/>`
  svg += `<g transform="translate(0 ${n(quay * 2 + height * 0.03)}) scale(1 -1)" opacity="0.22">${row}</g>${ripples(chance, sun.x, quay + height * 0.04, width, height, hour.sun, shift)}`
  for (let lamp = 0; lamp < 6; lamp++) {
    const x = width * (0.08 + lamp * 0.17)
    const bright = 0.35 + 0.65 * Math.abs(Math.sin(lamp * 1.7 + shift * 14))
    svg += `<rect x="${n(x - 2)}" y="${n(quay - height * 0.1)}" width="4" height="${n(height * 0.1)}" fill="#2c2a2e"/><circle cx="${n(x)}" cy="${n(quay - height * 0.105)}" r="${n(height * 0.055)}" fill="url(#lamp)" opacity="${n(bright)}"/><circle cx="${n(x)}" cy="${n(quay - height * 0.105)}" r="${n(height * 0.011)}" fill="#fff0c0"/>`
  }
  for (let at = 0; at < 3; at++) svg += boat(width * (0.2 + at * 0.27 + chance.next() * 0.08), quay + height * (0.12 + at * 0.05) + Math.sin(shift * 13 + at * 2) * 2, height * 0.055, chance.pick(['#2f6b57', '#a23b2c', '#e3b23c', '#32566f']), '')
  return {
    svg, description: {
      en: `Narrow, coloured houses along the quay ${hour.when.en}, lanterns, and three rowing boats in the harbour.`,
      ar: `بيوت ضيقة ملونة على الرصيف ${hour.when.ar}، وفوانيس، وثلاثة قوارب صغيرة في الميناء.`,
    },
    words: [
      { en: `Harbour Street ${hour.when.en}. The green boat is the one that leaks.`, ar: `شارع الميناء ${hour.when.ar}. القارب الأخضر هو الذي يتسرب إليه الماء.` },
      { en: 'Twelve years here and I still take this picture every week.', ar: 'اثنتا عشرة سنة هنا وما زلت ألتقط هذه الصورة كل أسبوع.' },
      { en: 'The lanterns are back from the repair shop.', ar: 'عادت الفوانيس من التصليح.' },
      { en: 'Which house would you paint next, and in what colour?', ar: 'أي بيت نطلي بعدها، وبأي لون؟' },
    ],
  }
}

export const garden: Scene = (chance, nth, width, height, shift) => {
  const hour = hours[[1, 3, 0][nth % 3]!]!
  const [petal, colour] = ([['#ef5d7f', { en: 'pink', ar: 'وردية' }], ['#ffcf4a', { en: 'yellow', ar: 'صفراء' }], ['#ffffff', { en: 'white', ar: 'بيضاء' }], ['#9a5bd6', { en: 'purple', ar: 'بنفسجية' }], ['#e8542f', { en: 'red', ar: 'حمراء' }]] as const)[nth % 5]!
  let svg = sky(chance, hour, width, height, { x: width * 0.75, y: height * 0.15 }, shift) + ridge(chance, width, height, height * 0.4, height * 0.1, mix(hour.sky[2], '#3f6f4f', 0.5)).svg
  for (let at = 0; at < 9; at++) svg += tree(chance, width * (at + chance.next()) / 9, height * 0.47, height * (0.12 + chance.next() * 0.1), mix('#3f7d4c', hour.sky[2], 0.25))
  svg += `<defs>${gradient('lawn', ['#8fbf6a', '#3f7a45'])}</defs><rect y="${n(height * 0.45)}" width="${width}" height="${height}" fill="url(#lawn)"/>`
  for (let x = 0; x < width; x += width / 26) svg += `<path d="M${n(x)} ${n(height * 0.52)} v${n(-height * 0.09)} l${n(width * 0.009)} ${n(-height * 0.015)} l${n(width * 0.009)} ${n(height * 0.015)} v${n(height * 0.09)} z" fill="#f6efe2"/>`
  svg += `<rect y="${n(height * 0.46)}" width="${width}" height="${n(height * 0.012)}" fill="#e9dfcc"/>`
  for (let stalk = 0; stalk < 64; stalk++) {
    const part = stalk / 64
    const [x, foot, r] = [chance.next() * width, height * (0.56 + part * 0.5), height * (0.009 + part * 0.024)]
    const [headX, y] = [x + Math.sin(shift * 12.6 + stalk) * r * 0.8, foot - r * (4 + chance.next() * 3)]
    const tint = mix(petal, chance.pick(['#ffffff', '#ffb48f', petal]), 0.25)
    svg += `<path d="M${n(x)} ${n(foot + r * 3)} Q${n(x)} ${n((y + foot) / 2)} ${n(headX)} ${n(y)}" stroke="${mix('#2f6b3c', '#8fbf6a', chance.next() * 0.5)}" stroke-width="${n(r * 0.25)}" fill="none"/><ellipse cx="${n(x + r)}" cy="${n(foot - r)}" rx="${n(r)}" ry="${n(r * 0.35)}" fill="#4f8f4f" transform="rotate(-35 ${n(x + r)} ${n(foot - r)})"/>`
    for (let leaf = 0; leaf < 8; leaf++) svg += `<ellipse cx="${n(headX)}" cy="${n(y - r * 0.75)}" rx="${n(r * 0.36)}" ry="${n(r * 0.75)}" fill="${leaf % 2 ? tint : mix(tint, '#5a1030', 0.12)}" transform="rotate(${leaf * 45} ${n(headX)} ${n(y)})"/>`
    svg += `<circle cx="${n(headX)}" cy="${n(y)}" r="${n(r * 0.4)}" fill="#8a5620"/>`
  }
  return {
    svg, description: { en: `A garden full of ${colour.en} flowers before a white fence and trees, ${hour.when.en}.`, ar: `حديقة مليئة بأزهار ${colour.ar} أمام سياج أبيض وأشجار، ${hour.when.ar}.` },
    words: [
      { en: `The ${colour.en} ones won this year.`, ar: `فازت الأزهار ال${colour.ar} هذا العام.` },
      { en: 'Three months of weeding for two weeks of this. Fair.', ar: 'ثلاثة أشهر من نزع الأعشاب مقابل أسبوعين كهذين. صفقة عادلة.' },
      { en: 'Seeds to give away, bring an envelope.', ar: 'عندي بذور لمن يريد، أحضروا ظرفًا.' },
      { en: 'The bees found it before I did.', ar: 'وجدها النحل قبلي.' },
    ],
  }
}
