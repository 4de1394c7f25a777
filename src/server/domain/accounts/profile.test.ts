import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeSettings } from '#server/domain/instance/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { accountView, accountViews, createAccount, editPreferences, editProfile, findAccount, findAccountByUsername, profileOf, setAvatarState, setPicture, setRole, setState } from './index.ts'
import type { Account } from './index.ts'

let world: World
let owner: Account
let mara: Account
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'owner_olga', { role: 'owner' })
  mara = await person(world.app, 'mara')
})
afterAll(() => world.close())

const codesOf = (work: Promise<unknown>) => work.then(() => [], (error: { code: string; problems: { field: string; message: string }[] }) => error.problems.length ? error.problems.map((one) => `${one.field}: ${one.message}`) : [error.code])
const view = async () => (await accountView(world.app, mara.id))!
/** a picture as the media room leaves it */
async function picture(of: Account, purpose: 'avatar' | 'cover' | 'post' = 'avatar'): Promise<string> {
  const id = world.app.newId()
  await world.app.database.queries.insertInto('media').values({
    id, account_id: of.id, kind: 'image', purpose, state: 'ready', key: `key${id}`, original_mime: 'image/png',
    variants: JSON.stringify([{ name: 'small', mime: 'image/webp', width: 400, height: 400, bytes: 10, file: 'small.webp' }]),
  }).execute()
  return id
}

test('a profile keeps what was written and shows it as safe HTML', async () => {
  await editProfile(world.app, mara, {
    displayName: '  Mara   Lindqvist ', bio: 'I bake.\nSee https://example.org <script>alert(1)</script> [x](javascript:alert(1))',
    fields: [{ name: 'Web', value: 'https://mara.example' }, { name: '', value: '' }, { name: 'Now', value: '<b>bread</b>' }],
  })
  const shown = await view()
  expect(shown.name).toBe('Mara Lindqvist')
  expect(shown.bioHtml).toContain('href="https://example.org')
  expect(shown.bioHtml).not.toMatch(/<script|javascript:[^<]*"/)
  expect(shown.fields.map((one) => one.name)).toEqual(['Web', 'Now'])
  expect(shown.fields[0]!.html).toMatch(/rel="[^"]*nofollow/)
  expect(shown.fields[1]!.html).not.toContain('<b>')
  expect((await profileOf(world.app, mara)).bio).toContain('javascript:')
})

test('what is too long is named by field, and then nothing is stored', async () => {
  await editProfile(world.app, mara, { displayName: '👩‍👩‍👧'.repeat(50), bio: 'é'.repeat(1000) })
  expect(await codesOf(editProfile(world.app, mara, { displayName: 'a'.repeat(51), bio: 'b'.repeat(1001), fields: [{ name: 'c'.repeat(51), value: 'd'.repeat(201) }] })))
    .toEqual(['displayName: error.tooLong', 'bio: error.tooLong', 'field0Name: error.tooLong', 'field0Value: error.tooLong'])
  expect((await view()).name).toBe('👩‍👩‍👧'.repeat(50))
  expect(await codesOf(editProfile(world.app, mara, { bio: 'x'.repeat(1_000_000) }))).toEqual(['bio: error.tooLong'])
})

test('a name can’t turn the line around it, hide or tower over it', async () => {
  for (const [typed, kept] of [['ab\u202ecd', 'abcd'], ['a\nb\0c', 'a bc'], ['\u200b\u3164', 'mara'], [`a${'\u0301'.repeat(40)}`, `${'a\u0301'.normalize('NFC')}${'\u0301'.repeat(3)}`], ['\ud800x', '\ufffdx']] as const) {
    await editProfile(world.app, mara, { displayName: typed })
    expect((await view()).name, JSON.stringify(typed)).toBe(kept)
  }
})

test('the community’s word on pictures is kept: allowed, looked at first, or none at all', async () => {
  const generated = '/avatars/mara.svg'
  const [mine, cover, other, post] = [await picture(mara), await picture(mara, 'cover'), await picture(owner), await picture(mara, 'post')]
  await changeSettings(world.app, owner, { picturePolicy: 'allowed' })
  expect(await setPicture(world.app, mara, 'avatar', mine)).toBe('shown')
  await setPicture(world.app, mara, 'cover', cover)
  expect([(await view()).avatarUrl, (await view()).coverUrl]).toEqual([`/media/files/key${mine}/small.webp`, `/media/files/key${cover}/small.webp`])
  expect(await codesOf(setPicture(world.app, mara, 'avatar', other))).toEqual(['notFound'])
  expect(await codesOf(setPicture(world.app, mara, 'avatar', post))).toEqual(['notFound'])

  await changeSettings(world.app, owner, { picturePolicy: 'none' })
  expect([(await view()).avatarUrl, (await view()).coverUrl]).toEqual([generated, null])
  expect(await codesOf(setPicture(world.app, mara, 'avatar', mine))).toEqual(['picturesNotAllowed'])

  await changeSettings(world.app, owner, { picturePolicy: 'review' })
  expect(await setPicture(world.app, mara, 'avatar', mine)).toBe('pending')
  expect((await view()).avatarUrl).toBe(generated)
  await world.app.database.inTransaction((tx) => setAvatarState(world.app, tx, mara.id, 'shown'))
  expect((await view()).avatarUrl).not.toBe(generated)
  await world.app.database.inTransaction((tx) => setAvatarState(world.app, tx, mara.id, 'refused'))
  expect((await view()).avatarUrl).toBe(generated)
  expect(await setPicture(world.app, mara, 'avatar', null)).toBe('none')
})

test('who is suspended shows only a name', async () => {
  const bram = await person(world.app, 'bram')
  await editProfile(world.app, bram, { bio: 'Bees.', fields: [{ name: 'Web', value: 'https://bees.example' }] })
  await world.app.database.inTransaction((tx) => setState(world.app, tx, bram.id, 'suspended', new Date(world.app.now().getTime() + 1000)))
  expect(await accountView(world.app, bram.id)).toMatchObject({ bioHtml: '', fields: [], coverUrl: null, state: 'suspended', avatarUrl: '/avatars/bram.svg' })
  await world.app.database.inTransaction((tx) => setState(world.app, tx, bram.id, 'active'))
  await world.app.database.inTransaction((tx) => setRole(world.app, tx, bram.id, 'moderator'))
  expect(await findAccount(world.app, bram.id)).toMatchObject({ state: 'active', role: 'moderator' })
})

test('people are found by name in any case and width, and what is no name or id finds nobody', async () => {
  for (const name of ['mara', 'MARA', '@mara', 'ｍａｒａ']) expect((await findAccountByUsername(world.app, name))?.id, name).toBe(mara.id)
  for (const name of ['', '@', 'ma ra', 'x'.repeat(5000), '\0', '\ud800']) expect(await findAccountByUsername(world.app, name), JSON.stringify(name)).toBeNull()
  for (const id of ['', 'x', '0', '-1', '99999999999999999999', "1' or true"]) expect(await findAccount(world.app, id)).toBeNull()
  expect((await accountViews(world.app, [mara.id, mara.id, owner.id, '123'])).size).toBe(2)
})

test('when two people ask for one name at the same moment, one gets it', async () => {
  const answers = await Promise.all(['yara', 'Yara', 'ｙara'].map((username) => codesOf(world.app.database.inTransaction((tx) => createAccount(world.app, tx, { username })))))
  expect(answers.filter((one) => one.length === 0)).toHaveLength(1)
  expect(answers.flat()).toEqual(['username: error.usernameTaken', 'username: error.usernameTaken'])
})

test('preferences are added to each other, also from two tabs', async () => {
  await Promise.all([editPreferences(world.app, mara, { theme: 'dark' }), editPreferences(world.app, mara, { autoplay: true })])
  expect((await findAccount(world.app, mara.id))?.preferences).toEqual({ theme: 'dark', autoplay: true })
})
