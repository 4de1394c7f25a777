// node bench/screening.ts: what looking at a text post costs before it is published, with 5,000 listed words, 20,000 listed sites and
// 20,000 texts of the last day; ordinary posts, hidden words, and the longest posts of the worst kinds. Makes a community of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listedWords, wordEvasions } from '../src/server/domain/screening/corpus/evasions.ts'
import { ordinary } from '../src/server/domain/screening/corpus/ordinary.ts'
import { kitOf } from '../src/server/domain/screening/kit.ts'
import { signatureOf, toBytes } from '../src/server/domain/screening/likeness.ts'
import { screenPost } from '../src/server/domain/screening/post.ts'
import { sql } from '../src/server/platform/db/sql.ts'
import { withApp } from '../src/server/start/open.ts'
import { person } from '../tests/people.ts'
import { tell } from './result.ts'

const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-screening-'))
const calm = Object.values(ordinary).flat()
const hidden = wordEvasions.flatMap(({ hide }) => listedWords.flatMap((word) => hide(word) ?? [])).map((word) => `The neighbour said ${word} and went home`)
const worst = ['a.', '4@', 'g l ', 'aaa', 'а1', 'ا\u064b'].map((piece) => piece.repeat(5000 / piece.length))
const long = Array.from({ length: 40 }, (_, at) => Array.from({ length: 60 }, (__, n) => calm[(at * 7 + n * 3) % calm.length]).join(' ').slice(0, 5000))

try {
  await withApp({ ...process.env, HEARTH_DATA: folder, HEARTH_RATE_LIMIT_SCALE: '1000000', HEARTH_LOG: 'warn' }, async (app) => {
    const author = await person(app, 'mara')
    const letters = 'bdfgklmnprstvz'
    const made = (n: number) => Array.from({ length: 6 }, (_, at) => letters[Math.floor(n / 14 ** (at % 4) + at * 5) % 14]! + 'aeiou'[(n + at * (n % 7)) % 5]!).join('')
    const words = [...new Set([...listedWords, ...Array.from({ length: 5_000 }, (_, n) => made(n))])]
    await sql`insert into screening_entries (id, list_id, value, how) select 1000 + n, 1, word, 'whole' from unnest(${words}::text[]) with ordinality as w (word, n) on conflict do nothing`.execute(app.database.queries)
    await sql`insert into screening_entries (id, list_id, value, how) select 100000 + n, 2, 'site-' || n || '.example', 'domain' from generate_series(1, 20000) n`.execute(app.database.queries)
    await sql`update screening_rules set state = 'on' where state = 'count'`.execute(app.database.queries)
    await sql`update screening_state set version = version + 1`.execute(app.database.queries)
    const texts = Array.from({ length: 20_000 }, (_, n) => ({ id: String(n + 1), ...signatureOf(`${calm[n % calm.length]} ${made(n)} ${made(n + 17)} ${made(n * 3)} ${calm[(n * 5) % calm.length]}`)! }))
    await sql`insert into screening_texts (id, account_id, signature, at) select id, ${author.id}, signature, now() from unnest(${texts.map((one) => one.id)}::bigint[], ${texts.map((one) => toBytes(one))}::bytea[]) as t (id, signature)`.execute(app.database.queries)
    await sql`insert into screening_bands (band, at, text_id) select band, now(), id from unnest(${texts.flatMap((one) => one.bands)}::bigint[], ${texts.flatMap((one) => one.bands.map(() => one.id))}::bigint[]) as t (band, id) on conflict do nothing`.execute(app.database.queries)

    if ((await kitOf(app)).words.size < 5_000) throw new Error('The listed words are not in use.')
    const look = async (text: string) => {
      const since = performance.now()
      await screenPost(app, { author, postId: app.newId<'post'>(), text, warning: '', mediaIds: [], edit: false, answers: false, audience: 'public', options: [], mentions: 0, language: null })
      return performance.now() - since
    }
    for (const text of [...calm, ...hidden.slice(0, 50)]) await look(text)
    for (const [name, all, rounds, most] of [['an ordinary post', calm, 5, 5], ['a post with a hidden word', hidden, 2, 5], ['5,000 ordinary characters', long, 2, undefined], ['5,000 characters of the worst kinds', worst, 4, undefined]] as const) {
      const times: number[] = []
      for (let round = 0; round < rounds; round++) for (const text of all) times.push(await look(text))
      times.sort((one, other) => one - other)
      tell({ name: `${name}, median`, value: times[times.length >> 1]!, unit: 'ms', ...most === undefined ? {} : { most } })
      tell({ name: `${name}, 99 of 100`, value: times[Math.floor(times.length * 0.99)]!, unit: 'ms' })
    }
  })
} finally {
  await rm(folder, { recursive: true, force: true })
}
