import { expect, test } from 'vitest'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'
import { whySuggested } from './why.ts'

test('a tag that somebody writes about stays whole in a sentence that runs the other way', async () => {
  const said = async (locale: 'en' | 'ar', tag: string) => whySuggested(translator(locale, await loadCatalogue(locale)), { kind: 'tags', tags: [tag] })
  expect(await said('en', 'chess')).toBe('Writes about #chess')
  expect(await said('ar', 'chess')).toContain('\u2068#chess\u2069')
  expect(await said('en', 'شطرنج')).toBe('Writes about \u2068#شطرنج\u2069')
})
