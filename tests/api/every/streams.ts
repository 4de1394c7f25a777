import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { expect } from 'vitest'
import { createAccessToken } from '../../../src/server/domain/apps/index.ts'
import { endStreams } from '../../../src/server/doors/api/index.ts'
import { addToList, createList } from '../../../src/server/domain/lists/index.ts'
import type { Cast } from './teller.ts'

type Open = { response: IncomingMessage; text: string; has(words: string): Promise<void> }
const open = (url: string, token: string) => new Promise<Open>((done, fail) => {
  get(url, { headers: { authorization: `Bearer ${token}` } }, (response) => {
    const waiting = new Set<() => void>()
    const stream: Open = { response, text: '', has: (words) => new Promise((found) => { const look = () => { if (stream.text.includes(words)) found() }; waiting.add(look); look() }) }
    response.setEncoding('utf8')
    response.on('data', (part: string) => { stream.text += part; for (const look of waiting) look() })
    response.on('error', () => {})
    done(stream)
  }).on('error', fail)
})

/** Each stream is opened, and hears what belongs into it. */
export async function streams({ world, api, tell, ada, ben, asBen }: Cast): Promise<void> {
  const { accessToken } = await createAccessToken(world.app, ada, 'read')
  const list = await createList(world.app, ada, { title: 'Stream' })
  await addToList(world.app, ada, list.id, [ben.id])
  const opened = new Map<string, Open>()
  for (const [path, query] of [['user', ''], ['user/notification', ''], ['public', ''], ['public/local', ''], ['public/remote', ''], ['hashtag', 'tag=ferry'], ['hashtag/local', 'tag=ferry'], ['list', `list=${list.id}`], ['direct', '']]) {
    const stream = await open(`${api.url}/api/v1/streaming/${path}?${query}`, accessToken)
    expect([path, stream.response.statusCode, stream.response.headers['content-type']]).toEqual([path, 200, 'text/event-stream'])
    await stream.has(':)\n')
    opened.set(path!, stream)
  }
  const post = (await asBen({ path: '/api/v1/statuses', form: { status: '@ada the #ferry runs', visibility: 'public' } })).json as unknown as { id: string }
  await asBen({ path: '/api/v1/statuses', form: { status: '@ada only you', visibility: 'direct' } })
  await world.work()
  for (const path of ['user', 'public', 'public/local', 'hashtag', 'hashtag/local', 'list']) await opened.get(path)!.has(`event: update\ndata: {"id":"${post.id}"`)
  await opened.get('user/notification')!.has('event: notification\n')
  await opened.get('direct')!.has('event: conversation\n')
  expect(opened.get('public/remote')!.text).toMatch(/^:\)\n(:thump\n)*$/)
  for (const path of opened.keys()) tell.note(`GET /api/v1/streaming/${path}`, path === 'public/remote' ? 'empty' : 'content')
  endStreams(world.app)
  const health = await fetch(`${api.url}/api/v1/streaming/health`)
  expect([health.status, await health.text()]).toEqual([200, 'OK'])
  tell.note('GET /api/v1/streaming/health', 'content')
}
