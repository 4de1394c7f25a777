import sharp from 'sharp'
import type { App } from '../../src/server/app.ts'
import { setPicture } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { changeSettingsIn, settingsChanged } from '../../src/server/domain/instance/index.ts'
import { random } from '../random.ts'
import { catShape } from './indoors.ts'
import { ball, glow, gradient, mix } from './paint.ts'
import { develop, draw, scenes } from './picture.ts'

/** Puts a picture through the uploads; the id, or undefined when it could not be made ready. */
export type Upload = (owner: Account, content: Buffer, words: { purpose: 'avatar' | 'cover' | 'instance'; description: string }) => Promise<string | undefined>
type Look = { username: string; skin: string; hair: string; cut: 'long' | 'short' | 'bun' | 'bald' | 'scarf'; shirt: string; back: string; beard?: boolean; glasses?: boolean; description: string }

const looks: Look[] = [
  { username: 'mara', skin: '#f0c7a8', hair: '#d9a44a', cut: 'bun', shirt: '#b4470f', back: '#f6dfb4', description: 'Drawing of a woman with fair hair in a bun and a rust-coloured jumper' },
  { username: 'yusuf', skin: '#c98f66', hair: '#2a2024', cut: 'short', shirt: '#2f5d73', back: '#cfe3d8', beard: true, description: 'رسم لرجل بشعر أسود ولحية وقميص أزرق' },
  { username: 'ines', skin: '#dca67e', hair: '#4a2a20', cut: 'long', shirt: '#4d7a3f', back: '#f3d3c4', description: 'Dibujo de una mujer de pelo castaño largo y camisa verde' },
  { username: 'tomas', skin: '#eebf9c', hair: '#8d8a88', cut: 'short', shirt: '#27445c', back: '#bcd9ea', beard: true, description: 'Drawing of a man with grey hair and beard in a navy jumper' },
  { username: 'aiko', skin: '', hair: '#2f2c33', cut: 'short', shirt: '', back: '#f7c9c0', description: '黒猫の絵' },
  { username: 'olga', skin: '#f3d0b6', hair: '#a8452a', cut: 'long', shirt: '#5a3f7a', back: '#d8cdea', glasses: true, description: 'Рисунок: женщина с рыжими волосами, в очках' },
  { username: 'leila', skin: '#d6a27c', hair: '#3f8f86', cut: 'scarf', shirt: '#2f6f68', back: '#f4e3c1', description: 'Drawing of a woman in a green headscarf' },
  { username: 'kofi', skin: '#7a4a30', hair: '#1c1518', cut: 'bald', shirt: '#d98f1f', back: '#cfe0a8', beard: true, description: 'Drawing of a bald man with a beard in a yellow shirt' },
  { username: 'priya', skin: '#b47a52', hair: '#231a1e', cut: 'bun', shirt: '#a8325c', back: '#fbe3a6', glasses: true, description: 'चित्र: चश्मा पहने, जूड़े वाली महिला' },
  { username: 'claire', skin: '#f2cdb2', hair: '#6b4423', cut: 'bun', shirt: '#f4efe6', back: '#c9a77f', description: 'Dessin d’une femme aux cheveux bruns relevés' },
]

/** A friendly face, 640 pixels square. */
function face(look: Look): string {
  const side = 640
  const dark = mix(look.skin || '#806060', '#3a1420', 0.35)
  const back = `<defs>${gradient('back', [mix(look.back, '#ffffff', 0.35), mix(look.back, '#7a4a40', 0.18)])}${ball('skin', look.skin || '#888888')}</defs><rect width="${side}" height="${side}" fill="url(#back)"/><circle cx="470" cy="180" r="150" fill="#fff" opacity="0.28"/>`
  if (!look.skin) return svg(side, side, `${back}${catShape(300, 640, 560, look.hair, '#e8c23a')}`)
  const { hair } = look
  const behind = look.cut === 'long' ? `<path d="M170 260 C150 90 490 90 470 260 C480 400 500 480 480 560 H160 C140 480 160 400 170 260 z" fill="${hair}"/>` : look.cut === 'bun' ? `<circle cx="320" cy="112" r="66" fill="${hair}"/>` : look.cut === 'scarf' ? `<path d="M160 280 C150 80 490 80 480 280 C490 420 520 520 530 600 H110 C120 520 150 420 160 280 z" fill="${hair}"/>` : ''
  const front = look.cut === 'bald' ? '' : look.cut === 'scarf' ? `<path fill-rule="evenodd" d="M160 300 C150 90 490 90 480 300 C480 430 420 500 320 510 C220 500 160 430 160 300 z M205 310 C205 400 255 452 320 455 C385 452 435 400 435 310 C430 200 210 200 205 310 z" fill="${mix(hair, '#ffffff', 0.12)}"/>` : `<path d="M178 300 C160 110 480 110 462 300 C455 240 430 215 395 205 C340 235 240 235 205 250 C190 262 182 280 178 300 z" fill="${hair}"/>`
  const beard = look.beard ? `<path d="M190 330 C195 470 260 500 320 502 C380 500 445 470 450 330 C435 385 400 392 320 388 C240 392 205 385 190 330 z" fill="${look.cut === 'bald' ? '#1c1518' : hair}"/>` : ''
  const glasses = look.glasses ? '<g fill="none" stroke="#2a2430" stroke-width="8"><circle cx="262" cy="312" r="40"/><circle cx="378" cy="312" r="40"/><path d="M302 308 q18 -10 36 0"/></g>' : ''
  return svg(side, side, `${back}${behind}<path d="M60 640 C80 520 200 490 260 480 H380 C440 490 560 520 580 640 z" fill="${look.shirt}"/><path d="M265 400 V490 Q320 540 375 490 V400 z" fill="${mix(look.skin, '#3a1420', 0.14)}"/><path d="M186 290 C186 180 454 180 454 290 C454 410 400 472 320 474 C240 472 186 410 186 290 z" fill="url(#skin)"/>${beard}${front}<g fill="none" stroke="#2a1c22" stroke-linecap="round" stroke-width="9"><path d="M240 314 q22 -20 44 0 M356 314 q22 -20 44 0"/><path d="M236 270 q26 -16 52 -2 M352 268 q26 -14 52 2" stroke="${dark}"/><path d="M312 330 q-8 34 12 34" stroke="${dark}" stroke-width="7"/></g><path d="M268 402 q52 46 104 0 z" fill="#fff" stroke="#8a3a3a" stroke-width="6" stroke-linejoin="round"/><circle cx="228" cy="366" r="26" fill="#e0605a" opacity="0.25"/><circle cx="412" cy="366" r="26" fill="#e0605a" opacity="0.25"/>${glasses}`)
}

const svg = (width: number, height: number, inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inside}</svg>`

/** A lantern: the sign of the town. */
const lantern = svg(512, 512, `<defs>${gradient('back', ['#20305c', '#b4470f'])}${glow('glow', '#ffe08a')}${gradient('glass', ['#fff3c0', '#f6a83c'])}</defs><rect width="512" height="512" rx="110" fill="url(#back)"/><circle cx="256" cy="285" r="220" fill="url(#glow)"/><path d="M196 150 q60 -110 120 0" fill="none" stroke="#fff1d8" stroke-width="18"/><path d="M160 196 L196 148 H316 L352 196 z M176 396 H336 L352 430 H160 z" fill="#fff1d8"/><path d="M172 200 H340 L322 394 H190 z" fill="url(#glass)"/><path d="M256 250 C316 310 290 372 256 372 C222 372 196 310 256 250 z" fill="#c8461a"/><path d="M256 308 C284 336 274 366 256 366 C238 366 228 336 256 308 z" fill="#ffe9a8"/>`)

/** Faces and covers for the first `count` of the cast, then a cover and a sign for the community. How many pictures came of it. */
export async function dress(app: App, cast: Account[], count: number, seed: number, upload: Upload, onDone: (done: number, total: number) => void): Promise<number> {
  const owner = cast[0]
  const kinds = [scenes.harbour, scenes.hills, scenes.sea, scenes.garden]
  const wide = (nth: number, kind: number, width: number) => draw(kinds[kind % kinds.length]!, random(seed * 53 + nth), nth, width, third(width))
  const works: (() => Promise<boolean>)[] = []
  for (const [nth, look] of looks.slice(0, count).entries()) {
    const who = cast.find(({ username }) => username === look.username)
    if (!who) continue
    works.push(async () => shown(app, who, 'avatar', await upload(who, await develop(face(look)), { purpose: 'avatar', description: look.description })))
    if (nth < 7) works.push(async () => {
      const made = wide(nth + 1, nth + (nth > 3 ? 1 : 0), 1600)
      return shown(app, who, 'cover', await upload(who, await develop(made.svg), { purpose: 'cover', description: made.description.en }))
    })
  }
  if (owner) works.push(async () => {
    const cover = wide(0, 0, 1920)
    const coverMediaId = await upload(owner, await develop(cover.svg), { purpose: 'instance', description: cover.description.en })
    const logoMediaId = await upload(owner, await pngOf(lantern), { purpose: 'instance', description: 'A burning lantern' })
    await app.database.inTransaction((tx) => changeSettingsIn(app, tx, owner, { ...(coverMediaId && { coverMediaId }), ...(logoMediaId && { logoMediaId }) }))
    settingsChanged(app)
    return true
  })
  let [next, done] = [0, 0]
  const hands = async () => {
    for (let work = works[next++]; work; work = works[next++]) if (await work()) onDone(++done, works.length)
  }
  await Promise.all([hands(), hands()])
  return done
}
const third = (width: number) => Math.round(width / 3)
const pngOf = (drawn: string) => sharp(Buffer.from(drawn)).png().toBuffer()

async function shown(app: App, who: Account, which: 'avatar' | 'cover', mediaId: string | undefined): Promise<boolean> {
  if (!mediaId) return false
  await setPicture(app, who, which, mediaId)
  return true
}
