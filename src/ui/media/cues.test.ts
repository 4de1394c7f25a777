import { expect, test } from 'vitest'
import { cuesOf, textOfCues, timeText } from './cues.ts'

test('captions are changed one by one and written as WebVTT; what isn’t captions stays text', () => {
  const cues = cuesOf('1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\nthere\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n')!
  expect(cues).toEqual([{ from: '00:00:01.000', to: '00:00:02.500', text: 'Hello\nthere' }, { from: '00:00:03.000', to: '00:00:04.000', text: 'Bye' }])
  expect(textOfCues(cues)).toBe('WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\nthere\n\n00:00:03.000 --> 00:00:04.000\nBye\n')
  expect(cuesOf(textOfCues(cues))).toEqual(cues)
  expect([cuesOf('WEBVTT\n\nonly words'), cuesOf(''), textOfCues([])]).toEqual([null, null, ''])
  expect([timeText(3723.4567), timeText(NaN)]).toEqual(['01:02:03.457', '00:00:00.000'])
})
