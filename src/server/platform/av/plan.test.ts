import { expect, test } from 'vitest'
import { gainFor, renditionsOf, samplePause, steadyRate } from './plan.ts'
import type { FilmFacts } from './plan.ts'
import { withoutNotes } from './units.ts'

const film = (change: Partial<FilmFacts>): FilmFacts => ({ duration: 60, width: 1920, height: 1080, rotation: 0, frameRate: 30, bitRate: 20_000_000, colour: { hdr: false, wide: false, tagged: true }, webSafe: false, ...change })
const sizes = (change: Partial<FilmFacts>) => renditionsOf(film(change)).map((one) => `${one.width}x${one.height}`)

test('a film has two or three sizes, either way up, never larger than it came', () => {
  expect(sizes({})).toEqual(['1920x1080', '1280x720', '640x360'])
  expect(sizes({ width: 3840, height: 2160 })).toEqual(['1920x1080', '1280x720', '640x360'])
  expect(sizes({ width: 1080, height: 1920 })).toEqual(['1080x1920', '720x1280', '360x640'])
  expect(sizes({ width: 1280, height: 720 })).toEqual(['1280x720', '852x480'])
  expect(sizes({ width: 641, height: 361 })).toEqual(['640x360', '426x240'])
  expect(sizes({ width: 320, height: 240 })).toEqual(['320x240'])
  expect(sizes({ width: 5000, height: 500 })).toEqual(['1920x192'])
})

test('what browsers play already stays as it is, unless it is too large or costs too much', () => {
  const kept = (change: Partial<FilmFacts>) => renditionsOf(film({ webSafe: true, bitRate: 5_000_000, ...change }))[0]!.copy
  expect([kept({}), kept({ webSafe: false }), kept({ bitRate: 12_000_000 }), kept({ width: 2560, height: 1440 })]).toEqual([true, false, false, false])
  expect(renditionsOf(film({ bitRate: 500_000 })).slice(1).every((one) => one.maxRate <= 300_000)).toBe(true)
})

test('rates become the usual ones, at most sixty', () => {
  expect([29.97, 29.9, 28.4, 59.94, 24, 23.976, 240, 7, 0, NaN].map((rate) => Math.round(steadyRate(rate).value * 100) / 100)).toEqual([29.97, 29.97, 29.97, 59.94, 24, 23.98, 60, 8, 30, 30])
})

test('everything sounds alike; music keeps its dynamics, speech may be held down, silence stays silence', () => {
  expect(gainFor({ lufs: -26, peak: 0.1 }, true)).toEqual({ gain: 10, limited: false })
  expect(gainFor({ lufs: -26, peak: 0.9 }, true)).toEqual({ gain: -0.1, limited: false })
  expect(gainFor({ lufs: -26, peak: 0.9 }, false)).toEqual({ gain: 5.9, limited: true })
  expect(gainFor({ lufs: -6, peak: 1.1 }, true)).toEqual({ gain: -10, limited: false })
  expect(gainFor({ lufs: -70, peak: 0 }, false)).toEqual({ gain: 0, limited: false })
  expect(gainFor({ lufs: -Infinity, peak: 0 }, false)).toEqual({ gain: 0, limited: false })
  expect(gainFor({ lufs: -55, peak: 0.001 }, false).gain).toBe(20)
})

test('a hundred pictures at most are taken of the longest film, and several of the shortest', () => {
  expect([samplePause(7200), samplePause(60), samplePause(2)]).toEqual([72, 1, 0.25])
})

test('notes between the pictures go, whatever is in them; what is cut off is no picture', () => {
  const unit = (type: number, length: number) => Buffer.concat([Buffer.from([0, 0, 0, length]), Buffer.from([type]), Buffer.alloc(length - 1, 7)])
  expect(withoutNotes(Buffer.concat([unit(6, 40), unit(0x65, 9), unit(6, 3)]), 4)).toEqual(unit(0x65, 9))
  expect(() => withoutNotes(unit(0x65, 9).subarray(0, 8), 4)).toThrow()
})
