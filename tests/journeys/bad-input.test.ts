import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeSetUp } from '../../src/server/domain/instance/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { openSession } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let cookie = ''
let visitors: string[] = []
beforeAll(async () => {
  site = await openSite()
  const mara = await person(site.app, 'mara', { role: 'owner' })
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  const post = await createPost(site.app, mara, { text: 'Hello', audience: 'public' })
  cookie = `hearth_session=${(await openSession(site.app, site.app.database.queries, mara.id, 'a test')).token}`
  visitors = ['/', '/community', '/@mara', post.url, '/tags/bread', '/search?q=bread', '/about']
})
afterAll(() => site.closeSite())

const garbage = ['\0', '\ud800', '💥'.repeat(3000), '-1', '1e999', '99999999999999999999', '../../etc/passwd', '<script>alert(1)</script>', "'; drop table posts; --", '%00', '\u202egnp.exe', 'a'.repeat(20_000), '{"a":1}', 'NaN', '0x10', '٣']
const get = (path: string, headers: Record<string, string> = {}) => fetch(site.url + path, { headers: { cookie, ...headers }, redirect: 'manual' })

/** Every page with form actions, with a stand-in for what stands in brackets. */
async function forms(): Promise<{ path: string; actions: string[] }[]> {
  const root = new URL('../../src/routes/', import.meta.url).pathname
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('+page.server.ts'))
  return Promise.all(files.map(async (name) => {
    const source = await readFile(join(root, name), 'utf8')
    const block = source.slice(source.indexOf('export const actions'))
    const actions = source.includes('export const actions') ? [...new Set([...block.matchAll(/\b([a-zA-Z]+): (?:async|on|onTag|act)\b/g)].map((match) => match[1]!))] : []
    const path = `/${name.replace('+page.server.ts', '').replace(/\([^)]+\)\//g, '').replace(/\/$/, '').replaceAll('[username]', 'mara').replaceAll('[tag]', 'bread').replace(/\[[^\]]+\]/g, '1')}`
    return { path, actions }
  }))
}

test('whatever stands in an address, the answer is a page or "not here", never a failure of ours', async () => {
  const wrong: string[] = []
  for (const bad of garbage) {
    const safe = encodeURIComponent(bad.toWellFormed()).slice(0, 6000)
    for (const path of [`/@${safe}`, `/@mara/${safe}`, `/tags/${safe}`, `/search?q=${safe}`, `/?before=${safe}`, `/community?after=${safe}`, `/feed?list=${safe}`, `/feed?list=account:${safe}:posts`, `/feed?list=tag:${safe}`, `/notifications?before=${safe}`, `/compose?reply=${safe}`, `/compose?edit=${safe}`, `/report?post=${safe}`, `/report?account=${safe}`, `/avatars/${safe}.svg`, `/media/files/${safe}/${safe}`, `/media/uploads/${safe}`, `/invite/${safe}`, `/confirm?token=${safe}`, `/reset?token=${safe}`, `/setup?token=${safe}`, `/admin/members/${safe}`, `/admin/reports/${safe}`, `/compose/complete?q=${safe}`]) {
      const response = await get(path).catch((error: Error) => ({ status: 599, text: async () => error.message }))
      if (response.status >= 500) wrong.push(`${response.status} ${path.slice(0, 80)}`)
    }
  }
  expect(wrong).toEqual([])
}, 120_000)

test('raw bytes that are no address at all get a clear no', async () => {
  for (const path of ['/%', '/@%ff%fe', '/tags/%e0%a4%a', '/media/files/%2e%2e/%2e%2e', '/%c0%ae%c0%ae/', '//evil.example/', '/\\evil']) {
    const response = await get(path)
    expect(response.status, path).toBeLessThan(500)
    expect(response.headers.get('location') ?? '/', path).toMatch(/^\/(?!\/)/)
  }
})

test('whatever a form holds, the answer says what is wrong and nothing of ours breaks', async () => {
  const all = await forms()
  expect(all.flatMap((one) => one.actions).length).toBeGreaterThan(40)
  const names = ['id', 'text', 'username', 'password', 'email', 'reason', 'consent', 'login', 'code', 'ticket', 'token', 'next', 'tag', 'choice', 'days', 'uses', 'note', 'phrase', 'displayName', 'bio', 'field0Name', 'field0Value', 'audience', 'warning', 'language', 'replyTo', 'edit', 'poll-0', 'poll-1', 'poll-seconds', 'media', 'which', 'locale', 'theme', 'accentColour', 'name', 'description', 'joinMode', 'category', 'rule', 'comment', 'post', 'account', 'act', 'shortcode', 'picture', 'section', 'oldPassword', 'newPassword', 'role', 'state', 'endsAt', 'startsAt', 'hint', 'by', 'hidden', 'follow', 'idempotencyKey', 'key', 'mediaIds']
  const wrong: string[] = []
  for (const { path, actions } of all) {
    for (const action of actions) {
      // Signing the tester out would end the test.
      if (path === '/logout' || action === 'signOutEverywhere') continue
      for (const bad of garbage.slice(0, 10)) {
        const body = new URLSearchParams(names.map((name) => [name, bad.toWellFormed()]))
        const response = await fetch(`${site.url}${path}${action === 'default' ? '' : `?/${action}`}`, { method: 'POST', headers: { cookie, origin: site.url, 'content-type': 'application/x-www-form-urlencoded' }, body, redirect: 'manual' })
        if (response.status >= 500) wrong.push(`${response.status} ${path} ${action} ${JSON.stringify(bad.slice(0, 12))}`)
        const to = response.headers.get('location')
        if (to && !/^\/(?!\/)/.test(to)) wrong.push(`${path} ${action} leads to ${to}`)
      }
      const nonsense = await fetch(`${site.url}${path}${action === 'default' ? '' : `?/${action}`}`, { method: 'POST', headers: { cookie, origin: site.url, 'content-type': 'multipart/form-data; boundary=x' }, body: Buffer.from([0xff, 0xfe, 0x00, 0x2d, 0x2d]), redirect: 'manual' })
      if (nonsense.status >= 500) wrong.push(`${nonsense.status} ${path} ${action} broken multipart`)
    }
  }
  expect(wrong).toEqual([])
}, 240_000)

test('a form that another site sends is refused, and so is one without a sender', async () => {
  for (const origin of ['https://evil.example', 'null']) {
    const response = await fetch(`${site.url}/act?/like`, { method: 'POST', headers: { cookie, origin, 'content-type': 'application/x-www-form-urlencoded' }, body: 'id=1', redirect: 'manual' })
    expect(response.status).toBe(403)
  }
})

test('no page tells where its own mistakes are, and every page stands behind a strict policy', async () => {
  for (const path of visitors) {
    const response = await fetch(site.url + path)
    const html = await response.text()
    expect(response.status, path).toBe(200)
    expect(html).not.toMatch(/node_modules|\/src\/server|at .+\.ts:\d+/)
    const policy = response.headers.get('content-security-policy') ?? ''
    for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]) expect(policy, path).toContain(part)
    expect(policy).toMatch(/script-src[^;]*'sha256-/)
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
})
