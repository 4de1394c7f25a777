import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldText, plainText } from './fold.ts'
import { guisesOf } from './guises.ts'

const fold = (text: string) => foldText(text).text
/** Text as people write it when they hide: letters of several scripts, signs, marks, zero-width, halves of pairs. */
const hostile = fc.string({ unit: fc.oneof(
  fc.constantFrom(...'aeiosglnrtZQ0134578@$!|.-_* \n', ...'аеоѕіουΗοрсхйЁ', ...'أإآٱىيةهكکـًٌُّ', ...'éüßıİłøþ', '\u200b', '\u200d', '\ufe0f', '\u202e', '\u00ad', '\u0301', '\ud800', '\udc00', '🇩', '🅰', 'ⓖ', '𝓰', '가', 'ป', 'に', '①', '٣', '\ufe71', '㉮', 'ﬃ', 'ẞ'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
), maxLength: 200 })

describe('the form in which words are compared', () => {
  test.each([
    ['GLORP', 'glorp'], ['glórp', 'glorp'], ['ｇｌｏｒｐ', 'glorp'], ['𝓰𝓵𝓸𝓻𝓹', 'glorp'], ['ⓖⓛⓞⓡⓟ', 'glorp'], ['gl\u200borp', 'glorp'], ['g\u00adlorp', 'glorp'], ['glоrp', 'glorp'],
    ['Straße', 'strasse'], ['كـــتاب', 'كتاب'], ['كِتَابٌ', 'كتاب'], ['أحمد إلى آخر', 'احمد الي اخر'], ['مدرسة', 'مدرسه'], ['ЁЛКА', 'елка'], ['йод', 'йод'], ['g\u202elorp', 'glorp'], ['a \n\t b', 'a b'], ['gl\ufe71orp', 'glorp'], ['㉮', '가'], ['가', '가'], ['ＡﬁⅣ', 'afiiv'], ['٤۴４', '444'],
  ])('%s is read as %s', (written, read) => expect(fold(written)).toBe(read))

  test('a word of another script among its own kind stays itself, among Latin words it is read as it looks', () => {
    expect(fold('сор и мусор')).toBe('сор и мусор')
    expect(fold('send the сор now please')).toBe('send the cop now please')
    expect(fold('καλημέρα κόσμε')).toBe('καλημερα κοσμε')
  })

  test('it never throws, is the same when done twice, and each unit points into the original', () => {
    fc.assert(fc.property(hostile, (text) => {
      const once = foldText(text)
      expect(foldText(once.text).text).toBe(once.text)
      for (const seen of [once, plainText(text), ...guisesOf(text)]) {
        expect([seen.from.length, seen.to.length]).toEqual([seen.text.length, seen.text.length])
        for (let at = 0; at < seen.text.length; at++) {
          expect(seen.from[at]! >= 0 && seen.from[at]! < seen.to[at]! && seen.to[at]! <= text.length).toBe(true)
          if (at > 0) expect(seen.from[at]! >= seen.from[at - 1]!).toBe(true)
        }
      }
    }), { numRuns: 1500 })
  })

  test('an ordinary text has one form, a hidden word few', () => {
    expect(guisesOf('We meet at the harbour on Sunday, bring bread.')).toHaveLength(1)
    expect(guisesOf('قابلنا الجيران في الحديقة مساء أمس')).toHaveLength(1)
    expect(guisesOf('gl0000rp g.l.o.r.p 1337 ggg').length).toBeLessThanOrEqual(16)
  })

  test('the longest texts of the worst kinds are read in a time that grows with their length alone', () => {
    const time = (text: string) => { const start = performance.now(); guisesOf(text); return performance.now() - start }
    for (const piece of ['a.', 'а1', '4@', '! ', 'aaa', 'g l ', '\u0301', 'ا\u064b', '$$a']) {
      time(piece.repeat(1_000))
      const [short, long] = [time(piece.repeat(2_000)), time(piece.repeat(20_000))]
      expect(long, piece).toBeLessThan(Math.max(short, 4) * 100)
    }
  })
})
