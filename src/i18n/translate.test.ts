import { expect, test } from 'vitest'
import { loadCatalogue } from './load.ts'
import { translator } from './translate.ts'

test('of two catalogues that have a message the later one is heard, and what neither has is its own name or what is given for it', async () => {
  const core = await loadCatalogue('en')
  const { t, maybe } = translator('en', core, { 'common.cancel': 'Leave it' })
  expect(t('common.cancel')).toBe('Leave it')
  expect(t('post.delete')).toBe(translator('en', core).t('post.delete'))
  expect(maybe('error.nobodyKnowsThis')).toBe('error.nobodyKnowsThis')
  expect(maybe('error.nobodyKnowsThis', {}, 'Something else')).toBe('Something else')
})

test('a translator costs nothing to make: in a rush it is made for everybody who is sent away', async () => {
  const read: string[] = []
  const watched = new Proxy(await loadCatalogue('en'), {
    get: (from, key) => { read.push(String(key)); return Reflect.get(from, key) as unknown },
    ownKeys: () => { throw new Error('all messages were looked through') },
  })
  const { t } = translator('en', watched)
  expect(read).toEqual([])
  t('common.cancel')
  expect(new Set(read)).toEqual(new Set(['common.cancel']))
})
