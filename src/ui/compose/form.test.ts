import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPost, seePost } from '#server/domain/posts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { person } from '../../../tests/people.ts'
import { openWorld } from '../../../tests/world.ts'
import type { World } from '../../../tests/world.ts'
import { actions, load } from '../../routes/compose/+page.server.ts'

let world: World
let ada: Account
let bob: Account
beforeAll(async () => {
  world = await openWorld()
  ada = await person(world.app, 'ada')
  bob = await person(world.app, 'bob')
})
afterAll(() => world.close())

/** Hands in the composer's form as a browser would; `way` is where a redirect leads. */
async function submit(viewer: Account | null, fields: Record<string, string>) {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  const url = new URL('http://hearth.test/compose')
  const event = { request: new Request(url, { method: 'POST', body }), locals: { app: world.app, viewer }, url } as unknown as Parameters<NonNullable<typeof actions['default']>>[0]
  try {
    return { answer: await actions['default']!(event) as { status?: number; posted?: { id: string; url: string }; data?: Record<string, unknown> }, way: null }
  } catch (thrown) {
    const { location } = thrown as { location?: string }
    if (!location) throw thrown
    return { answer: null, way: location }
  }
}

test('Ada posts with a plain form and is led to her post', async () => {
  const { way } = await submit(ada, { text: 'Hello from a plain form', audience: 'public', key: 'one' })
  expect(way).toMatch(/^\/@ada\/\d+$/)
})
test('two presses of the button make one post', async () => {
  const fields = { text: 'Only once', audience: 'public', key: 'twice', enhanced: '1' }
  const [first, second] = [await submit(ada, fields), await submit(ada, fields)]
  expect(first.answer?.posted?.id).toBeTruthy()
  expect(second.answer?.posted?.id).toBe(first.answer?.posted?.id)
})
test('a refused form keeps everything that was typed', async () => {
  const { answer } = await submit(ada, { text: 'x'.repeat(5001), warning: 'long', audience: 'followers', key: 'three', 'poll-0': 'yes', 'poll-1': 'no', 'poll-seconds': '3600' })
  expect(answer?.status).toBe(422)
  expect(answer?.data).toMatchObject({ code: 'form', problems: [{ field: 'text', message: 'error.textTooLong' }], values: { warning: 'long', audience: 'followers', 'poll-0': 'yes', 'poll-seconds': '3600' } })
})
test('an empty post is refused with a word', async () => {
  const { answer } = await submit(ada, { text: '  ', audience: 'public', key: 'four' })
  expect(answer?.data).toMatchObject({ problems: [{ field: 'text', message: 'error.emptyPost' }] })
})
test('a poll comes with the post', async () => {
  const { answer } = await submit(ada, { text: 'Rye or wheat?', audience: 'public', key: 'five', enhanced: '1', 'poll-0': 'Rye', 'poll-1': '', 'poll-2': 'Wheat', 'poll-seconds': '86400', 'poll-multiple': 'on' })
  const post = await seePost(world.app, ada, answer!.posted!.id)
  expect(post.poll).toMatchObject({ multiple: true, options: [{ title: 'Rye' }, { title: 'Wheat' }] })
})
test('Bob answers, and comes back to where he was', async () => {
  const post = await createPost(world.app, ada, { text: 'Who is here?', audience: 'public' })
  const { way } = await submit(bob, { text: 'Me', audience: 'public', key: 'six', reply: post.id, next: post.url })
  expect(way).toBe(post.url)
})
test('nobody is led to another site', async () => {
  const { way } = await submit(bob, { text: 'Away?', audience: 'public', key: 'seven', next: '//evil.example' })
  expect(way).toMatch(/^\/@bob\//)
})
test('Ada changes her post; Bob can not', async () => {
  const post = await createPost(world.app, ada, { text: 'Befroe', warning: 'spelling', audience: 'public' })
  expect((await submit(bob, { text: 'Mine now', edit: post.id })).answer?.status).toBe(404)
  await submit(ada, { text: 'Before', warning: '', edit: post.id, language: 'en' })
  expect(await seePost(world.app, ada, post.id)).toMatchObject({ text: 'Before', warning: '', sensitive: false })
})
test('ids that no browser sends are answered as missing', async () => {
  expect((await submit(ada, { text: 'x', reply: 'abc' })).answer?.status).toBe(404)
})
test('visitors are sent to log in', async () => {
  expect((await submit(null, { text: 'x' })).way).toContain('/login')
})
test('what other apps share arrives in the text', async () => {
  const url = new URL('http://hearth.test/compose?text=Look&text=https%3A%2F%2Fexample.org')
  const data = await load({ locals: { app: world.app, viewer: ada }, url } as unknown as Parameters<typeof load>[0])
  expect(data).toMatchObject({ text: 'Look\nhttps://example.org', replyTo: null })
})
