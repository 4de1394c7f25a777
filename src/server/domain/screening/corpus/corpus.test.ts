import { describe, expect, test } from 'vitest'
import { measureCorpus } from './measure.ts'

const figures = measureCorpus()
const sum = (all: { tried: number; found: number }[]) => ({ tried: all.reduce((total, one) => total + one.tried, 0), found: all.reduce((total, one) => total + one.found, 0) })

describe('the corpus of evasions', () => {
  /** What reads as the word only to people who guess: known to be missed, and told in docs/screening.md. */
  const guessed = new Set(['in two', 'over two lines', 'a letter starred out', 'without vowels', 'two letters exchanged', 'backwards'])

  test('whatever way a word is hidden that still reads as the word, it is found', () => {
    expect(figures.words.filter((one) => !guessed.has(one.name) && one.found < one.tried)).toEqual([])
  })

  test('a hidden address is found, but for a shortener that only its own site can resolve', () => {
    expect(figures.links.filter((one) => one.found < one.tried).map((one) => one.name)).toEqual(['a shortener'])
  })

  test('ordinary texts in nine languages raise no alarm', () => {
    expect(figures.ordinary.filter((one) => one.alarms.length > 0)).toEqual([])
    expect(figures.ordinary.map((one) => one.language)).toEqual(['en', 'ar', 'de', 'fr', 'es', 'tr', 'ru', 'hi', 'ja', 'links'])
  })

  test('the figures are those of docs/screening.md', () => {
    expect([sum(figures.words), sum(figures.links)]).toEqual([{ tried: 329, found: 279 }, { tried: 30, found: 28 }])
    expect(figures.ordinary.reduce((total, one) => total + one.texts, 0)).toBe(396)
  })
})
