import { createHash } from 'node:crypto'
import type { App } from '../src/server/app.ts'
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { recomputeTrends } from '../src/server/domain/discovery/index.ts'
import { addRuleIn, changeSettingsIn, closeSetUp, createAnnouncementIn, settingsChanged } from '../src/server/domain/instance/index.ts'
import { hashPassword } from '../src/server/domain/sessions/index.ts'
import { buildTown } from './build.ts'
import type { Town, Wish } from './build.ts'
import { loadTown, seededBefore } from './load.ts'
import type { Progress } from './load.ts'
import { shareMedia } from './media/share.ts'
import type { MediaWish } from './media/share.ts'
import { cast } from './people.ts'

/** Everybody of the cast signs in with this. It is a demonstration: change it before anyone else can reach the place. */
export const castPassword = 'quiet-harbour-lantern'

export type SeedWish = Wish & {
  /** how many pictures, films and pieces of music are made; none when left out */
  media?: MediaWish
  /** beside people who are there already: nobody of the seed can sign in or has a role, name and rules stay */
  intoExisting?: boolean
}
export type Seeded = { members: number; posts: number; media: number; digest: string; notes: string[] }

/** Fills a community. The caller has checked that it is empty or that this is wanted. The same wish gives the same people and posts. */
export async function runSeed(app: App, wish: SeedWish, onProgress: Progress = () => {}): Promise<Seeded> {
  if (wish.intoExisting && await seededBefore(app.database.queries)) throw new Error('This community was seeded before: once is enough.')
  const town = buildTown({ ...wish, suffix: wish.intoExisting ? '_demo' : '' }, (done, total) => onProgress('writing', done, total))
  const base = BigInt(wish.until.getTime() - 100 * 86_400_000) << 16n
  await loadTown(app.database.queries, town, { tag: (index) => (base + BigInt(index)).toString() }, wish.intoExisting ? null : await hashPassword(castPassword), onProgress)
  if (!wish.intoExisting) await furnish(app)
  const shown = wish.media ? await shareMedia(app, town, wish.intoExisting ? { ...wish.media, faces: 0 } : wish.media, wish.seed, onProgress) : { media: 0, notes: [] }
  await recomputeTrends(app)
  return { members: town.members.length, posts: town.posts.length, ...shown, digest: digestOf(town) }
}

/** One word for everything that members wrote and whom they follow. */
export function digestOf(town: Town): string {
  const all = [town.members.map((one) => [one.id, one.username, one.name, one.bio]), town.posts.map((post) => [post.id, post.author, post.audience, post.html]), town.follows.map(({ id, follower, followed }) => [id, follower, followed])]
  return createHash('sha256').update(JSON.stringify(all)).digest('hex')
}

/** Name, rules and what the admins say. */
async function furnish(app: App): Promise<void> {
  const owner = await findAccountByUsername(app, cast[0]!.username)
  if (!owner) return
  await app.database.inTransaction(async (tx) => {
    await changeSettingsIn(app, tx, owner, { name: 'Lanternholm', description: 'A small harbour town and everybody who would like to live there.', accentColour: '#b4470f', joinMode: 'open', readMode: 'everyone' })
    for (const [text, hint, ar] of rules) await addRuleIn(app, tx, owner, { text, hint, translations: { ar: { text: ar, hint: '' } } })
    await createAnnouncementIn(app, tx, owner, { text: 'Welcome to Lanternholm. Say hello with #hello, and tell us what you grow, bake, repair or play.', translations: { ar: 'أهلًا بكم في لانترنهولم. ألقوا التحية وأخبرونا بما تزرعون أو تخبزون أو تصلحون أو تعزفون.' }, emphasised: true }, true)
    await createAnnouncementIn(app, tx, owner, { text: 'The harvest fair is on Saturday at ten. Tables can be booked at the library.', translations: { ar: 'مهرجان الحصاد يوم السبت في العاشرة. يمكن حجز الطاولات في المكتبة.' }, emphasised: false }, true)
    await closeSetUp(app, tx)
  })
  settingsChanged(app)
}

const rules: [string, string, string][] = [
  ['Be kind, also when you disagree', 'Argue about what was said, not about who said it.', 'كن لطيفًا حتى عند الاختلاف'],
  ['Post pictures of people only if they agree', '', 'لا تنشر صور الناس إلا بموافقتهم'],
  ['Describe your pictures', 'Some of us listen to this page.', 'صِف صورك'],
  ['No advertising without asking first', 'The market thread is for selling.', 'لا إعلانات دون استئذان'],
  ['What happens here is for here', 'Ask before you quote somebody elsewhere.', 'ما يُقال هنا يبقى هنا'],
]
