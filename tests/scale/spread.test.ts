import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { places, spreading, uniqueNoMore } from '../../bin/spread-tables.ts'
import { follow } from '../../src/server/domain/relationships/index.ts'
import { openApi } from '../api/door.ts'
import type { Api } from '../api/door.ts'
import { askedDuring } from '../asked.ts'
import { person } from '../people.ts'
import { openWorld } from '../world.ts'
import type { World } from '../world.ts'

let world: World
let api: Api
let client: pg.PoolClient
beforeAll(async () => {
  world = await openWorld()
  client = await world.app.database.pool.connect()
})
afterAll(async () => {
  client.release()
  await api?.close()
  await world.close()
})
const keyOf = (table: string) => { const place = places[table]; return typeof place === 'object' ? place.key : undefined }

test('every table that has a place is there, and what is spread has the column it is spread by', async () => {
  const { rows } = await client.query<{ name: string; filled: string[] }>(`select c.relname as name, array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attnotnull) as filled
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r' order by 1`)
  const names = rows.map((row) => row.name)
  expect(Object.keys(places).filter((name) => !names.includes(name))).toEqual([])
  // What everybody adds to every day has to be among them.
  for (const name of ['posts', 'likes', 'notifications', 'follows', 'media', 'media_files', 'conversations', 'post_mentions', 'post_tags', 'idempotency_keys']) expect(keyOf(name)).toBeTruthy()
  expect(rows.filter(({ name, filled }) => keyOf(name) && !filled.includes(keyOf(name)!)).map((row) => `${row.name}.${keyOf(row.name)}`)).toEqual([])
})

test('the printed statements leave no unique index without the key, and say of each that is lost why that will do', async () => {
  const { fit, lost } = await spreading(client)
  expect(lost.filter((one) => !uniqueNoMore[one] && !one.endsWith('.id'))).toEqual([])
  await client.query('begin')
  await client.query(fit.join('\n'))
  const after = await spreading(client)
  await client.query('rollback')
  expect(after).toMatchObject({ fit: [], lost: [] })
})

test('what is asked most names the key of what it asks', async () => {
  api = await openApi(world)
  const [ada, ben] = [await person(world.app, 'ada'), await person(world.app, 'ben')]
  await follow(world.app, ben, ada.id)
  const [writer, reader] = [await api.as(ada), await api.as(ben)]
  const asked = await askedDuring(async () => {
    const { id } = (await writer({ path: '/api/v1/statuses', json: { status: 'a #word for @ben', visibility: 'public' } })).json as unknown as { id: string }
    await world.work()
    for (const path of ['/api/v1/timelines/home', `/api/v1/accounts/${ada.id}/statuses`, `/api/v1/accounts/${ada.id}`, '/api/v1/notifications', '/api/v1/bookmarks', '/api/v1/favourites', '/api/v1/lists', '/api/v1/conversations', '/api/v1/timelines/tag/word']) expect((await reader(path)).status).toBe(200)
    for (const act of ['favourite', 'bookmark', 'reblog']) expect((await reader({ path: `/api/v1/statuses/${id}/${act}`, method: 'POST' })).status).toBe(200)
  })
  // Of each statement and each spread table in it: does it name the key, as a condition or as what it writes?
  const without: string[] = []
  let checked = 0
  for (const text of asked) {
    for (const [, table = ''] of text.matchAll(/\b(?:from|join|into|update)\s+"?([a-z_]+)"?/g)) {
      const key = keyOf(table)
      if (!key) continue
      checked++
      if (!new RegExp(`\\b${key}\\b`).test(text) && !byId[table]?.test(text)) without.push(`${table}: ${text.replace(/\s+/g, ' ').slice(0, 300)}`)
    }
  }
  expect(checked).toBeGreaterThan(60)
  expect(without).toEqual([])
})

/** Asked for, or joined, by id alone, which goes to every node: known, and told in docs/scaling.md. */
const byId: Record<string, RegExp> = Object.fromEntries(['posts', 'sessions', 'access_tokens'].map((table) => [table, /\bid"? (?:= (?:\$|any\(|[a-z]+\.)|in \()/]))
