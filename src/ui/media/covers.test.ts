import { expect, test } from 'vitest'
import { coverSet } from './covers.ts'

test('a phone gets the small file of a cover, where there is one', () => {
  expect(coverSet('/media/files/ab/still-1500.webp')).toBe('/media/files/ab/still-640.webp 640w, /media/files/ab/still-1500.webp 1500w')
  expect(coverSet('/media/files/ab/still-1920.webp?sig=x')).toBe('/media/files/ab/still-640.webp?sig=x 640w, /media/files/ab/still-1920.webp?sig=x 1920w')
  for (const url of ['/media/files/ab/still-640.webp', '/media/files/ab/still-400.webp', '/header.png', '/media/files/ab/1500.webp']) expect(coverSet(url)).toBeUndefined()
})
