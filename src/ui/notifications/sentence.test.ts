import { expect, test } from 'vitest'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'
import type { AccountView } from '#server/domain/accounts/index.ts'
import type { NotificationGroup } from '#server/domain/notifications/index.ts'
import { placeOf, sentenceOf } from './sentence.ts'

const mara: AccountView = { id: '1', username: 'mara', name: 'Mara', bioHtml: '', avatarUrl: '', coverUrl: null, fields: [], role: 'member', state: 'active', locked: false, bot: false, discoverable: true, lastPostAt: null, postsCount: 0, followersCount: 0, followingCount: 0, createdAt: '' }
const group = (what: Partial<NotificationGroup>): NotificationGroup => ({ key: 'k', kind: 'like', latestId: '1', accounts: [mara], count: 1, post: null, data: {}, createdAt: '', unread: false, ...what })
const said = async (locale: 'en' | 'ar', what: Partial<NotificationGroup>) => sentenceOf(translator(locale, await loadCatalogue(locale)), group(what)).replaceAll(/[\u2068\u2069]/g, '')

test('one person, one other, and many others are each a sentence of their own', async () => {
  expect(await said('en', { count: 1 })).toBe('Mara liked your post')
  expect(await said('en', { count: 2 })).toBe('Mara and 1 other liked your post')
  expect(await said('en', { count: 13 })).toBe('Mara and 12 others liked your post')
  const arabic = await Promise.all([1, 2, 3, 5, 13, 102].map((count) => said('ar', { count, kind: 'signup' })))
  expect(new Set(arabic).size).toBe(6)
  expect(arabic[2]).toContain('وشخصان آخران')
})

test('a name that runs the other way is kept apart', async () => {
  const english = translator('en', await loadCatalogue('en'))
  expect(sentenceOf(english, group({}))).toBe('Mara liked your post')
  expect(sentenceOf(english, group({ accounts: [{ ...mara, name: 'يوسف' }] }))).toBe('\u2068يوسف\u2069 liked your post')
})

test('a decision says what was decided, in words for it, and an unknown one says so in general', async () => {
  const decided = (act: string) => said('en', { kind: 'moderation', accounts: [], count: 0, data: { act } })
  expect(await decided('approve_avatar')).toBe('Your picture is shown now')
  expect(await decided('something_new')).toBe('A moderator decided something that concerns you')
  expect(await said('en', { kind: 'moderation', accounts: [], data: { reportId: '7', state: 'dismissed' } })).toBe('Moderators looked at what you reported and left it as it is')
  expect(await said('en', { kind: 'poll', accounts: [] })).toBe('Your poll has ended')
})

test('a group leads to what it is about', () => {
  expect(placeOf(group({ kind: 'follow' }), 'olga')).toBe('/@mara')
  expect(placeOf(group({ kind: 'follow', count: 4 }), 'olga')).toBe('/@olga/followers')
  expect(placeOf(group({ kind: 'report', data: { reportId: '7' } }), 'olga')).toBe('/admin/reports/7')
  expect(placeOf(group({ kind: 'moderation', data: { reportId: '7' } }), 'olga')).toBe('/standing?show=reports')
  expect(placeOf(group({ kind: 'report', data: { webhook: '7' } }), 'olga')).toBe('/admin/webhooks/7')
})
