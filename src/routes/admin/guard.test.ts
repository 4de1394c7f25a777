import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../tests/people.ts'
import { openWorld } from '../../../tests/world.ts'
import type { World } from '../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'

type Event = { locals: object; url: URL; params: Record<string, string>; request: Request; depends(): void }
type Door = { name: string; open(event: Event): unknown }

let world: World
let member: Account, moderator: Account, limited: Account
const doors: Door[] = []
const forAdmins = /\/(announcements|rules|settings|outbox|media|hashes|health|jobs|lockdown)\//

beforeAll(async () => {
  world = await openWorld()
  member = await person(world.app, 'member')
  moderator = await person(world.app, 'moderator', { role: 'moderator' })
  limited = await person(world.app, 'limited', { role: 'admin', state: 'limited' })
  const files = readdirSync(import.meta.dirname, { recursive: true }).map(String).filter((file) => /\+(page|layout)\.server\.ts$/.test(file))
  for (const file of files) {
    const module = await import(`./${file}`) as { load?: Door['open']; actions?: Record<string, Door['open']> }
    if (module.load) doors.push({ name: `/${file} load`, open: module.load })
    for (const [name, open] of Object.entries(module.actions ?? {})) doors.push({ name: `/${file} ${name}`, open })
  }
})
afterAll(() => world?.close())

/** What happens when somebody comes to a door: the status of the refusal, or 'in'. */
async function knock(door: Door, viewer: Account | null): Promise<number | 'in'> {
  const url = new URL('http://hearth.test/admin')
  try {
    await door.open({ locals: { app: world.app, viewer, locale: 'en' }, url, params: { id: '1', username: 'nobody' }, request: new Request(url, { method: 'POST', body: new URLSearchParams({ id: '1' }) }), depends() {} })
    return 'in'
  } catch (answer) {
    const status = (answer as { status?: number }).status
    if (status === undefined) throw answer
    return status
  }
}

test('every owner’s and moderators’ page and form sends a visitor to log in', async () => {
  expect(doors.length).toBeGreaterThan(25)
  for (const door of doors) expect([door.name, await knock(door, null)]).toEqual([door.name, 303])
})

test('every one of them refuses a member, and staff whose own account is limited', async () => {
  for (const who of [member, limited]) for (const door of doors) expect([door.name, await knock(door, who)]).toEqual([door.name, 403])
})

test('what only admins may do refuses a moderator', async () => {
  const own = doors.filter((door) => forAdmins.test(door.name) || door.name.endsWith(' role') || door.name.endsWith(' clocks'))
  expect(own.length).toBeGreaterThan(10)
  for (const door of own) expect([door.name, await knock(door, moderator)]).toEqual([door.name, 403])
})
