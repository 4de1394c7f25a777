import fc from 'fast-check'
import { expect, test } from 'vitest'
import { avatarSvg } from './index.ts'

test('a generated picture is always the same for a name, whatever its case, and differs between names', () => {
  expect(avatarSvg('mara')).toBe(avatarSvg('MARA'))
  expect(new Set(Array.from({ length: 300 }, (_, at) => avatarSvg(`member${at}`))).size).toBe(300)
})

test('whatever the name, the picture is well-formed and carries nothing of it but one escaped letter', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (name) => {
    const svg = avatarSvg(name)
    expect(/<text[^>]*>(.*)<\/text>/s.exec(svg)?.[1] ?? '').not.toMatch(/[<>"]/)
    expect(svg).not.toMatch(/NaN|undefined|<script/)
  }))
})

/** WCAG's relative luminance of '#rrggbb' */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

test('the letter can be read on every part of the picture', () => {
  for (let at = 0; at < 500; at++) {
    const colours = [...avatarSvg(`someone${at}`).matchAll(/#[0-9a-f]{6}/g)].map((match) => luminance(match[0]))
    const ink = colours.pop()!
    expect(colours).toHaveLength(6)
    for (const ground of colours) expect((ground + 0.05) / (ink + 0.05)).toBeGreaterThan(4.5)
  }
})
