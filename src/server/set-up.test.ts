import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld } from '../../tests/world.ts'
import type { World } from '../../tests/world.ts'
import { currentAnnouncements, newSetUpToken, readSettings, rules } from './domain/instance/index.ts'
import { viewerFromSession } from './domain/sessions/index.ts'
import { setUpCommunity } from './set-up.ts'
import type { SetUp } from './set-up.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world?.close())

const wish = (more: Partial<SetUp> = {}): SetUp => ({
  community: { name: 'Maple Street', joinMode: 'invitation' }, rules: [{ text: 'Be kind', translations: { ar: { text: 'كن لطيفًا' } } }],
  welcome: { text: 'Welcome', translations: { ar: 'أهلًا' } }, owner: { username: 'olga', password: 'a long enough secret 7', locale: 'en' }, userAgent: 'test', ...more,
})

test('a mistake in the wizard stores nothing, and the link still works', async () => {
  const token = await newSetUpToken(world.app)
  await expect(setUpCommunity(world.app, token!, wish({ community: { name: '' } }))).rejects.toMatchObject({ problems: [{ field: 'name' }] })
  await expect(setUpCommunity(world.app, token!, wish({ owner: { username: 'olga', password: 'x', locale: 'en' } }))).rejects.toMatchObject({ problems: [{ field: 'password' }] })
  await expect(setUpCommunity(world.app, 'wrong', wish())).rejects.toMatchObject({ code: 'notFound' })
  expect((await readSettings(world.app)).name).toBe('Hearth')
  expect(await rules(world.app)).toEqual([])
  const session = await setUpCommunity(world.app, token!, wish())
  expect((await viewerFromSession(world.app, session.token))?.viewer).toMatchObject({ username: 'olga', role: 'owner', state: 'active' })
  expect(await readSettings(world.app)).toMatchObject({ name: 'Maple Street', joinMode: 'invitation' })
  expect((await rules(world.app, 'ar')).map((rule) => rule.text)).toEqual(['كن لطيفًا'])
  expect(await currentAnnouncements(world.app, null, 'ar')).toMatchObject([{ text: 'أهلًا', emphasised: true }])
  await expect(setUpCommunity(world.app, token!, wish({ owner: { username: 'second', password: 'a long enough secret 7', locale: 'en' } }))).rejects.toMatchObject({ code: 'notFound' })
})
