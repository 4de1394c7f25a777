import { describe, expect, test } from 'vitest'
import { alike, signatureOf } from './likeness.ts'
import { linksIn, readLink } from './links.ts'
import { readPattern, wordFinder } from './words.ts'
import type { WordEntry } from './words.ts'

const entry = (value: string, more: Partial<WordEntry> = {}): WordEntry => ({ id: value, listId: '1', value, how: 'whole', exact: false, language: null, ...more })
const finder = wordFinder([entry('glorp'), entry('nak', { how: 'inside' }), entry('Zed', { exact: true }), entry('blue moon'), entry('زغملوط'), entry('gr[ae]y\\s+order', { how: 'pattern' }), entry('tat', { language: 'de' }), entry('ข้าว')])
const found = (text: string, language: string | null = null) => finder.find(text, language).map((hit) => hit.entry.value)

describe('words of lists', () => {
  test.each(['glorp', 'GLORP!', 'a gl0rp', 'glооrp'.replace('оо', 'о'), 'g l o r p', 'g.l.o.r.p', 'gl-orp', 'gloooorp', 'gl\u200borp', 'glorp_is_here', 'glorp2024', '𝓰𝓵𝓸𝓻𝓹', 'g1orp', 'gl0r₽'.replace('₽', 'p'), 'ɢlorp', '«glorp»'])('%s is found', (text) => expect(found(text)).toContain('glorp'))
  test.each(['glorps', 'aglorp', 'the order', 'global orphans', 'glor p'])('%s is not', (text) => expect(found(text)).not.toContain('glorp'))

  test('a moderator sees which part of the original matched', () => {
    const text = 'so: g\u200bl0-r\u0301p, yes'
    const [hit] = finder.find(text, null)
    expect(text.slice(hit!.from, hit!.to)).toBe('g\u200bl0-r\u0301p')
  })

  test('wherever it stands in a long text, spaced or not, with its place', () => {
    for (let before = 400; before < 1100; before += 7) {
      const text = `${'bread and soup '.repeat(80).slice(0, before)} g l o r p ${'tea or milk '.repeat(60)}`
      const [hit] = finder.find(text, null)
      expect(hit && text.slice(hit.from, hit.to), String(before)).toBe('g l o r p')
    }
    expect(found(`${'aglorp'.repeat(400)} ${'کتاب '.repeat(300)}`)).toEqual([])
  })

  test('inside, exactly, as several words, as a pattern, in one language only, and where no spaces are written', () => {
    expect(found('the SNAKE')).toEqual(['nak'])
    expect([found('zed'), found('z\u00e9d'), found('z3d')]).toEqual([['Zed'], [], []])
    expect(found('a BLUE  mo\u0301on')).toEqual(['blue moon'])
    expect(found('the Grey \n Order')).toEqual(['gr[ae]y\\s+order'])
    expect([found('die Tat', 'de'), found('tit for tat', 'en-GB'), found('tat', null)]).toEqual([['tat'], [], ['tat']])
    expect([found('قال زَغْمَلُوط لي'), found('ز غ م ل و ط'), found('زغملوطات')]).toEqual([['زغملوط'], ['زغملوط'], []])
    expect(found('ฉันกินข้าวทุกวัน')).toEqual(['ข้าว'])
  })

  test('a pattern that could take for ever, or matches everything, is refused; a nasty one that is allowed takes no longer than the text', () => {
    for (const bad of ['(', '(?=a)b', '(a)\\1', 'a*', '', 'a'.repeat(301), '((a{100}){100}){100}']) expect(readPattern(bad), bad).toBeNull()
    const nasty = wordFinder([entry('(a+)+b', { how: 'pattern' })])
    const start = performance.now()
    expect(nasty.find('a'.repeat(9_999), null)).toEqual([])
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('links', () => {
  const hosts = (text: string) => linksIn(text).map((link) => link.host)
  test('are read as browsers read them, however they are written', () => {
    expect(hosts('see https://www.Site.Example./a?utm_source=x and [here](http://other.example)')).toEqual(['site.example', 'other.example'])
    expect(hosts('hxxps://site.example/x, site[.]example/y, site (dot) example')).toEqual(['site.example', 'site.example', 'site.example'])
    expect(readLink('https://bank.example@evil.example/')).toMatchObject({ host: 'evil.example', tricks: ['userinfo'] })
    expect(readLink('https://xn--bcher-kva.example/')).toMatchObject({ reads: 'bucher.example', tricks: [] })
    expect(readLink('https://gl\u043erp.example/')).toMatchObject({ reads: 'glorp.example', tricks: ['lookalike'] })
    expect(readLink('https://0x7f.1/')).toMatchObject({ host: '127.0.0.1' })
    expect([readLink('javascript:alert(1)'), readLink('nothing')]).toEqual([null, null])
  })
})

describe('texts that are nearly the same', () => {
  const offer = 'Hello dear neighbours, today only: cheap harbour tickets and the best prices in town, look at our page before midnight'
  const sure = (text: string) => signatureOf(text)!
  test('are known again when a name, a number or a few words change; others are not', () => {
    for (const other of [offer.replace('today', 'tonight'), offer.toUpperCase(), offer.replace('neighbours', '@mara and @tomas'), `${offer}!!! 4711`, offer.replace('cheap', 'ch\u0435ap')]) {
      expect(alike(sure(offer).numbers, sure(other).numbers), other).toBe(true)
      expect(sure(other).bands.some((band) => sure(offer).bands.includes(band))).toBe(true)
    }
    expect(alike(sure(offer).numbers, sure('The ferry to the islands leaves at nine from the old harbour, and the weather will be lovely all week').numbers)).toBe(false)
    expect(signatureOf('Happy birthday!')).toBeNull()
  })
})
