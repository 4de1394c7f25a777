import { expect, test, vi } from 'vitest'
import { shortcutReader } from '#ui/keys.ts'
import type { Press, Shortcut } from '#ui/keys.ts'

const press = (key: string, wish: Partial<Press> = {}): Press => ({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, timeStamp: 0, ...wish })
const shortcuts: Shortcut[] = ['j', 'n', 'g h', 'g n', '?', '/'].map((keys) => ({ keys, label: 'nav.home', run: vi.fn() }))
const reader = () => shortcutReader(() => shortcuts)

test('one key, or two in a row, name a shortcut', () => {
  const read = reader()
  expect(read(press('j'))?.keys).toBe('j')
  expect(read(press('g'))).toBeUndefined()
  expect(read(press('n', { timeStamp: 400 }))?.keys).toBe('g n')
  expect(read(press('n', { timeStamp: 500 }))?.keys).toBe('n')
})
test('after a long pause the second key stands alone', () => {
  const read = reader()
  read(press('g'))
  expect(read(press('n', { timeStamp: 3000 }))?.keys).toBe('n')
})
test('the browser keeps its own combinations', () => {
  expect(reader()(press('n', { ctrlKey: true }))).toBeUndefined()
  expect(reader()(press('j', { metaKey: true }))).toBeUndefined()
})
test('an Arabic keyboard has the same keys in the same places', () => {
  expect(reader()(press('ت', { code: 'KeyJ' }))?.keys).toBe('j')
  expect(reader()(press('؟', { code: 'Slash' }))?.keys).toBe('?')
})
