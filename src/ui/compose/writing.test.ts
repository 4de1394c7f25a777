import { describe, expect, test } from 'vitest'
import { audiencesFor, startAudience } from './audience.ts'
import { charactersLeft } from './count.ts'
import { findEmojis, emojiGroups, emojisOf } from './emojis.ts'
import { forgetDraft, keepDraft, newKey, readDraft } from './kept.ts'
import type { KeptDraft } from './kept.ts'
import { pollLengths } from './lengths.ts'
import { complete, tokenAt } from './token.ts'

function storage() {
  const items = new Map<string, string>()
  return { items, getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => { items.set(key, value) }, removeItem: (key: string) => { items.delete(key) } }
}
const draft = (wish: Partial<KeptDraft> = {}): KeptDraft => ({ text: 'Bread is rising', warning: null, audience: 'members', language: 'en', poll: null, mediaIds: [], sending: [], key: 'k', at: Date.now(), ...wish })

describe('What is counted', () => {
  test('the counter stays away while the limit is far', () => {
    expect(charactersLeft('Hello')).toBeUndefined()
    expect(charactersLeft('a'.repeat(4499))).toBeUndefined()
    expect(charactersLeft('a'.repeat(4500))).toBe(500)
  })
  test('a family is one character, and so is a letter with its marks', () => {
    expect(charactersLeft('👨‍👩‍👧'.repeat(4990))).toBe(10)
    expect(charactersLeft('شَّ'.repeat(5000))).toBe(0)
  })
  test('too much is told as how much too much', () => {
    expect(charactersLeft(`${'a'.repeat(5003)}\n\n`)).toBe(-3)
  })
})

describe('What is completed', () => {
  test('names, tags and emojis are found before the caret', () => {
    expect(tokenAt('Thanks @ada', 11)).toEqual({ kind: 'person', query: 'ada', start: 7, end: 11 })
    expect(tokenAt('#خبز', 4)).toEqual({ kind: 'tag', query: 'خبز', start: 0, end: 4 })
    expect(tokenAt('(:smi', 5)).toEqual({ kind: 'emoji', query: 'smi', start: 1, end: 5 })
  })
  test('addresses, times and finished words offer nothing', () => {
    for (const text of ['ada@example', 'at 12:30', 'C#major', 'Thanks @ada ', '@', ':s', 'https://example.org']) expect(tokenAt(text, text.length)).toBeUndefined()
    expect(tokenAt('@adaline', 4)).toBeUndefined()
  })
  test('a choice replaces what was typed and leaves one space', () => {
    const text = 'Thanks @ad, see you'
    expect(complete(text, tokenAt(text, 10)!, '@ada')).toEqual({ text: 'Thanks @ada , see you', caret: 12 })
    expect(complete('@ad you', { kind: 'person', query: 'ad', start: 0, end: 3 }, '@ada')).toEqual({ text: '@ada you', caret: 5 })
  })
  test('emojis are found by the beginning of their names first, and each is there once', () => {
    expect(findEmojis('bread')[0]?.emoji).toBe('🍞')
    expect(findEmojis('heart').length).toBe(8)
    expect(findEmojis('zzzz')).toEqual([])
    const all = emojiGroups.flatMap((group) => emojisOf(group.list))
    expect(new Set(all.map((one) => one.emoji)).size).toBe(all.length)
    expect(all.every((one) => one.emoji && /^[a-z_]+$/.test(one.name))).toBe(true)
  })
})

describe('What is kept', () => {
  test('a draft comes back after a crash, in its own place and for its own member', () => {
    const store = storage()
    keepDraft(store, 'ada', 'new', draft({ mediaIds: ['7'] }))
    expect(readDraft(store, 'ada', 'new')).toMatchObject({ text: 'Bread is rising', mediaIds: ['7'], key: 'k' })
    expect(readDraft(store, 'ada', 'reply:1')).toBeNull()
    expect(readDraft(store, 'bob', 'new')).toBeNull()
  })
  test('an empty draft, a sent one, an old one and a broken one are none', () => {
    const store = storage()
    keepDraft(store, 'ada', 'new', draft())
    keepDraft(store, 'ada', 'new', draft({ text: '  ' }))
    expect(store.items.size).toBe(0)
    keepDraft(store, 'ada', 'new', draft())
    forgetDraft(store, 'ada', 'new')
    expect(readDraft(store, 'ada', 'new')).toBeNull()
    keepDraft(store, 'ada', 'new', draft({ at: Date.now() - 40 * 86_400_000 }))
    expect(readDraft(store, 'ada', 'new')).toBeNull()
    store.setItem('hearth:draft:ada:new', '{"text":')
    expect(readDraft(store, 'ada', 'new')).toBeNull()
  })
  test('a browser that refuses to store does not get in the way', () => {
    const full = { getItem: () => null, setItem: () => { throw new Error('full') }, removeItem: () => {} }
    expect(() => keepDraft(full, 'ada', 'new', draft())).not.toThrow()
  })
  test('each post has a key of its own', () => {
    expect(newKey()).toMatch(/^[0-9a-f]{32}$/)
    expect(newKey()).not.toBe(newKey())
  })
})

describe('Who may see it', () => {
  test('an answer never reaches further than the post it answers', () => {
    expect(audiencesFor('followers')).toEqual(['followers', 'mentioned'])
    expect(startAudience('public', 'members')).toBe('members')
    expect(startAudience('mentioned', 'public')).toBe('mentioned')
    expect(startAudience('public')).toBe('public')
  })
})

test('a poll lasts between five minutes and thirty days, named in the language of the page', () => {
  const lengths = pollLengths('en')
  expect(lengths[0]).toEqual({ seconds: 300, name: '5 minutes' })
  expect(lengths.at(-1)).toEqual({ seconds: 30 * 86_400, name: '30 days' })
  expect(pollLengths('ar')[5]?.name).toBe('يوم')
})
