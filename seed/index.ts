import { createHash } from 'node:crypto'
import type { App } from '../src/server/app.ts'
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { recomputeTrends } from '../src/server/domain/discovery/index.ts'
import { addRuleIn, changeSettingsIn, closeSetUp, createAnnouncementIn, settingsChanged } from '../src/server/domain/instance/index.ts'
import { hashPassword } from '../src/server/domain/sessions/index.ts'
import { buildTown } from './build.ts'
import type { Wish } from './build.ts'
import { loadTown } from './load.ts'
import { cast } from './people.ts'

/** Everybody of the cast signs in with this. It is a demonstration: change it before anyone else can reach the place. */
export const castPassword = 'quiet-harbour-lantern'

/** Fills an empty community. The caller has checked that it is empty. Returns what was made. */
export async function runSeed(app: App, wish: Wish, onProgress: (label: string, done: number, total: number) => void): Promise<{ members: number; posts: number; digest: string }> {
  const town = buildTown(wish, (done, total) => onProgress('writing', done, total))
  const base = BigInt(wish.until.getTime() - 100 * 86_400_000) << 16n
  await loadTown(app.database.queries, town, { tag: (index) => (base + BigInt(index)).toString(), edge: (index) => (base + 1_000_000n + BigInt(index)).toString() }, await hashPassword(castPassword), onProgress)
  await furnish(app)
  await recomputeTrends(app)
  const digest = createHash('sha256').update(JSON.stringify([town.members.map((one) => [one.id, one.username, one.bio]), town.posts.map((post) => [post.id, post.text]), town.follows])).digest('hex')
  return { members: town.members.length, posts: town.posts.length, digest }
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
