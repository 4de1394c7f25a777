import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { photo } from '../media/samples.ts'
import { haveDebian, openTown, run } from './town.ts'
import type { Town } from './town.ts'

const python = '/usr/bin/python3'
const there = haveDebian(['toot', 'python3-mastodon'], ['/usr/bin/toot', '/usr/lib/python3/dist-packages/mastodon'])
let town: Town
let folder: string
beforeAll(async () => {
  if (!there) return
  town = await openTown()
  folder = await mkdtemp(join(tmpdir(), 'hearth-clients-'))
  await writeFile(join(folder, 'wall.jpg'), await photo())
}, 60_000)
afterAll(async () => {
  if (!there) return
  await town.closeTown()
  await rm(folder, { recursive: true, force: true })
})

/** Runs toot's log-in, which wants to open a browser, then asks for the code. */
function logIn(environment: Record<string, string>, member: 'ada' | 'ben'): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn('/usr/bin/toot', ['login', '--disable-https', '-i', new URL(town.url).host], { env: { ...process.env, ...environment } })
    let said = ''
    let answered = 0
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (answered === 0 && said.includes('[Y/n]')) { answered = 1; child.stdin.write('n\n') }
      const address = /https?:\/\/\S*\/oauth\/authorize\S*/.exec(said)?.[0]
      if (answered === 1 && address && said.includes('Authorization code:')) {
        answered = 2
        town.approve(address, town[member]).then((code) => child.stdin.end(`${code}\n`), fail)
      }
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', fail)
    child.once('close', (code) => code === 0 ? done(said) : fail(new Error(`ended with ${code}:\n${said}`)))
  })
}

test.skipIf(!there)('Mastodon.py signs in, posts a picture, reads home, answers, hears of it, and streams', async () => {
  const script = join(folder, 'journey.py')
  await writeFile(script, `
import sys, threading, json
from mastodon import Mastodon, StreamListener
base, picture = sys.argv[1], sys.argv[2]
def member():
    id, secret = Mastodon.create_app('journey', scopes=['read', 'write', 'follow', 'push'], api_base_url=base)
    api = Mastodon(client_id=id, client_secret=secret, api_base_url=base, version_check_mode='none', ratelimit_method='throw')
    print(api.auth_request_url(scopes=['read', 'write', 'follow', 'push']) + ' ', flush=True)
    api.log_in(code=sys.stdin.readline().strip(), scopes=['read', 'write', 'follow', 'push'])
    return api
ada = member()
ben = member()
me = ada.account_verify_credentials()
assert me.username == 'ada', me
assert ada.instance().uri
other = ben.me()
ben.account_follow(me)
heard = []
update, told = threading.Event(), threading.Event()
class Ears(StreamListener):
    def on_update(self, status): heard.append(status.content); update.set()
    def on_notification(self, notification): heard.append(notification.type); told.set()
stream = ben.stream_user(Ears(), run_async=True, timeout=60)
assert ben.stream_healthy()
import time
media = ada.media_post(picture, description='a plain wall')
for _ in range(200):
    if media.url: break
    time.sleep(0.1)
    media = ada.media(media)
assert media.url, media
post = ada.status_post('Fresh paint @ben', media_ids=[media], visibility='public', idempotency_key='one')
assert post.media_attachments[0].description == 'a plain wall'
assert update.wait(10) and told.wait(10), heard
assert any('Fresh paint' in one for one in heard) and 'mention' in heard, heard
stream.close()
assert ben.timeline_home()[0].id == post.id
reply = ben.status_reply(post, 'It looks good')
assert ada.status_context(post).descendants[0].id == reply.id
ben.status_favourite(post); ben.status_reblog(post); ben.status_bookmark(post)
import time
for _ in range(100):
    kinds = {one.type for one in ada.notifications()}
    if {'mention', 'favourite', 'reblog', 'follow'} <= kinds: break
    time.sleep(0.1)
assert {'mention', 'favourite', 'reblog', 'follow'} <= kinds, kinds
pages = ben.timeline_home(limit=1)
assert len(pages) == 1
assert ben.fetch_next(pages)[0].id < pages[0].id
poll = ada.status_post('Which?', poll=ada.make_poll(['tea', 'coffee'], expires_in=3600))
ben.poll_vote(poll.poll, [1]); assert ben.poll(poll.poll).voted
assert ada.account_relationships(other)[0].followed_by
l = ada.list_create('Friends'); ada.account_follow(other); ada.list_accounts_add(l, [other.id]); assert ada.list_accounts(l)[0].id == other.id
assert [c.last_status for c in ada.conversations()] == []
assert ada.search('paint').statuses
f = ada.filter_create('football', ['home']); assert ada.filters()[0].id == f.id; ada.filter_delete(f)
ada.status_update(post, 'Fresh green paint @ben'); assert len(ada.status_history(post)) == 2
ada.status_delete(poll)
ada.revoke_access_token()
print('all well')
`)
  const child = spawn(python, [script, town.url, join(folder, 'wall.jpg')])
  let said = ''
  let asked = 0
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const addresses = said.match(/https?:\/\/\S*\/oauth\/authorize\S*(?= )/g) ?? []
    for (; asked < addresses.length; asked++) void town.approve(addresses[asked]!, asked === 0 ? town.ada : town.ben).then((code) => child.stdin.write(`${code}\n`))
  })
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
  const code = await new Promise((done) => child.once('close', done))
  expect(said).toContain('all well')
  expect(code).toBe(0)
}, 60_000)

test.skipIf(!there)('toot signs in by its own dialogue, posts with a picture, reads, answers and searches', async () => {
  const environment = (name: string) => ({ XDG_CONFIG_HOME: join(folder, name), HOME: join(folder, name), BROWSER: 'true', PYTHONUNBUFFERED: '1', TERM: 'dumb' })
  for (const name of ['ada', 'ben'] as const) {
    await mkdir(join(folder, name), { recursive: true })
    expect(await logIn(environment(name), name)).toContain('Successfully logged in')
  }
  const ada = (...words: string[]) => run('/usr/bin/toot', [...words, '--no-color'], environment('ada'))
  const ben = (...words: string[]) => run('/usr/bin/toot', [...words, '--no-color'], environment('ben'))
  expect(await ada('whoami')).toContain('@ada')
  expect(await ada('instance', '--disable-https')).toContain('Hearth')
  expect(await ben('follow', 'ada')).toContain('now following')
  const posted = await ada('post', 'Bread at seven @ben', '--media', join(folder, 'wall.jpg'), '--description', 'a loaf', '--visibility', 'public')
  const id = /\/(\d+)\s*$/.exec(posted.trim())?.[1] ?? ''
  expect(id).toMatch(/^\d+$/)
  expect(await ben('timeline', '--once', '--count', '5')).toContain('Bread at seven')
  expect(await ben('post', 'Coming', '--reply-to', id)).toMatch(/\/\d+/)
  expect(await ada('thread', id)).toContain('Coming')
  expect(await ben('favourite', id)).toContain('favourited')
  expect(await ben('reblog', id)).toContain('reblogged')
  expect(await ben('bookmark', id)).toContain('bookmarked')
  expect(await ben('bookmarks', '--once')).toContain('Bread at seven')
  await expect.poll(() => ada('notifications'), { timeout: 10_000 }).toContain('favourited')
  expect(await ada('search', 'ben')).toContain('ben')
  expect(await ada('delete', id)).toContain('deleted')
}, 90_000)
