import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { changeSettings, instanceText, instanceTexts, readSettings, writeInstanceText } from './index.ts'

let world: World
let owner: Account
let jun: Account
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'owner', { role: 'owner' })
  jun = await person(world.app, 'jun')
})
afterAll(() => world.close())
const day = (ahead: number) => new Date(world.app.now().getTime() + ahead * 86_400_000).toISOString().slice(0, 10)

test('terms change on their day, and earlier ones can be read', async () => {
  expect(await instanceText(world.app, 'terms')).toBeNull()
  await changeSettings(world.app, owner, { terms: 'Be *kind*' })
  expect(await instanceText(world.app, 'terms')).toMatchObject({ text: 'Be *kind*', html: '<p>Be <em>kind</em></p>', effectiveOn: day(0) })
  await writeInstanceText(world.app, owner, 'terms', { text: 'Be kinder', effectiveOn: day(3) })
  expect((await instanceText(world.app, 'terms'))?.text).toBe('Be *kind*')
  expect((await instanceTexts(world.app, 'terms')).map((one) => one.text)).toEqual(['Be kinder', 'Be *kind*'])
  world.later(3 * 86_400_000)
  expect((await instanceText(world.app, 'terms'))?.text).toBe('Be kinder')
  expect((await instanceText(world.app, 'terms', day(-3)))?.text).toBe('Be *kind*')
  expect(await instanceText(world.app, 'terms', day(9))).toBeNull()
  await writeInstanceText(world.app, owner, 'terms', { text: 'Be kindest' })
  expect((await readSettings(world.app)).terms).toBe('Be kindest')
  await writeInstanceText(world.app, owner, 'terms', { text: '' })
  expect(await instanceText(world.app, 'terms')).toBeNull()
})

test('only admins write them, and never for yesterday', async () => {
  await expect(writeInstanceText(world.app, jun, 'privacy', { text: 'x' })).rejects.toMatchObject({ kind: 'notAllowed' })
  for (const effectiveOn of [day(-1), 'tomorrow', '2027-02-31', day(900)]) await expect(writeInstanceText(world.app, owner, 'privacy', { text: 'x', effectiveOn })).rejects.toMatchObject({ problems: [{ field: 'effectiveOn' }] })
  await writeInstanceText(world.app, owner, 'privacy', { text: '<script>We keep little</script>' })
  expect((await instanceText(world.app, 'privacy'))?.html).not.toContain('<script')
  expect(await instanceText(world.app, 'about')).toBeNull()
})
