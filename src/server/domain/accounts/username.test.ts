import fc from 'fast-check'
import { expect, test } from 'vitest'
import { avatarSvg, checkUsername, usernameKey, usernameSkeleton } from './index.ts'

test('names of one script are fine, whichever it is', () => {
  for (const name of ['mara', 'Mara_99', 'يوسف', '愛子', 'ольга', 'प्रिया', 'דנה', 'さくら']) expect(checkUsername(name), name).toBeNull()
})

test('names that look alike have one skeleton', () => {
  for (const [a, b] of [['paypal', 'раураӏ'.replace('ӏ', 'l')], ['admin1', 'adminl'], ['mara_', 'm_ara'], ['rnara', 'mara'], ['josé', 'jose']] as const) expect(usernameSkeleton(a), `${a} ${b}`).toBe(usernameSkeleton(b))
  expect(usernameSkeleton('mara')).not.toBe(usernameSkeleton('tomas'))
})

test('whatever is typed, a name is refused or made only of letters, digits and underscores', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
    const problem = checkUsername(name)
    if (!problem) expect(usernameKey(name)).toMatch(/^[\p{L}\p{M}\p{Nd}_]+$/u)
    expect(typeof usernameSkeleton(name)).toBe('string')
  }))
})

test('a generated picture is always the same for a name, well-formed, and differs between names', () => {
  expect(avatarSvg('mara')).toBe(avatarSvg('MARA'))
  expect(avatarSvg('mara')).not.toBe(avatarSvg('tomas'))
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (name) => {
    const letter = /<text[^>]*>(.*)<\/text>/s.exec(avatarSvg(name))?.[1] ?? ''
    expect(letter).not.toMatch(/[<>"]/)
  }))
})
