import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkUsername, usernameKey, usernameSkeleton } from './index.ts'

const refusal = (name: string) => checkUsername(name)?.message ?? 'fine'
/** names as people might type them: any script, any sign */
const anything = fc.string({ unit: 'grapheme', maxLength: 40 })
const letters = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789_ёжшабвгиكليوسفمدαβγδ愛子さתדנהक'), minLength: 1, maxLength: 32 })

test('names of one script are fine, whichever it is', () => {
  for (const name of ['mara', 'Mara_99', 'يوسف', 'يوسف٢', '愛子', 'さくら愛', 'サッカー', 'ольга', 'प्रिया', 'דנה', 'លក្ខណា', 'ជា', 'நிலா', 'ⴰⵎⴰⵣⵉⵖ']) expect(refusal(name), name).toBe('fine')
})

test('two scripts in one name are refused, rare ones too', () => {
  for (const name of ['mаra', 'ольгa', 'maraα', 'maraᎪ', 'mara愛', 'mara\u{10480}']) expect(refusal(name), name).toBe('error.usernameScripts')
})

test('nothing invisible, reversing, stacked or empty gets in', () => {
  for (const name of ['ma\u200bra', 'ma\u202era', 'ma\u0000ra', '\u3164\u3164', '\u115f\u1160a', 'ma\u00adra', 'ma ra', 'ma.ra', '😀😀', '__', '12', 'a\u0301\u0301\u0301b', '\u0301ab', 'ab\u20dd', '\ud800ab'])
    expect(refusal(name), JSON.stringify(name)).toBe('error.usernameLetters')
  for (const name of ['', 'a', 'a'.repeat(31)]) expect(refusal(name)).toBe('error.usernameLength')
})

test('reserved words are refused, also in disguise', () => {
  for (const name of ['admin', 'Admin', 'ａｄｍｉｎ', 'adm1n', 'a_d_m_i_n', 'rnoderator', '0wner', 'ádmin']) expect(refusal(name), name).toBe('error.usernameReserved')
})

test('names that look alike have one skeleton', () => {
  for (const [a, b] of [['paypal', 'раураl'], ['admin1', 'adminl'], ['mara_', 'm_ara'], ['rnara', 'mara'], ['josé', 'jose'], ['يوسف', 'يـوسف'], ['mara5', 'mara٥'], ['cosmos', 'соѕмоѕ'], ['οδος', 'οδοσ']] as const)
    expect(usernameSkeleton(a), `${a} ${b}`).toBe(usernameSkeleton(b))
  expect(usernameSkeleton('mara')).not.toBe(usernameSkeleton('tomas'))
})

test('whatever is typed, a name is refused or made only of visible letters, digits and underscores of one script', () => {
  fc.assert(fc.property(fc.oneof(anything, letters, fc.string({ unit: 'binary', maxLength: 40 })), (name) => {
    expect(typeof usernameSkeleton(name)).toBe('string')
    if (checkUsername(name)) return
    expect(usernameKey(name)).toMatch(/^[\p{L}\p{M}\p{Nd}_]+$/u)
    expect(name.normalize('NFKC')).not.toMatch(/[\p{C}\p{Z}\p{Bidi_C}\p{Default_Ignorable_Code_Point}]/u)
    expect(/\p{Script=Latin}/u.test(name.normalize('NFKC')) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(name.normalize('NFKC'))).toBe(false)
  }), { numRuns: 500 })
})

test('case, width and writing the name twice change nothing about whose it is', () => {
  fc.assert(fc.property(letters, (name) => {
    const wide = name.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
    expect(usernameKey(name.toUpperCase())).toBe(usernameKey(name))
    expect(usernameKey(wide)).toBe(usernameKey(name))
    expect(usernameKey(usernameKey(name))).toBe(usernameKey(name))
    expect(usernameSkeleton(usernameKey(name))).toBe(usernameSkeleton(name))
    expect(usernameSkeleton(wide)).toBe(usernameSkeleton(name))
  }))
})
