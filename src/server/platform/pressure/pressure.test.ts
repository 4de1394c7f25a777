import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openPressure } from './index.ts'
import type { Place, Pressure, Rank } from './index.ts'

let now = 0
let line: Pressure
beforeEach(() => { vi.useFakeTimers(); now = 0; line = openPressure(2, () => now) })
afterEach(() => { line.close(); vi.useRealTimers() })

const pass = async (ms: number) => { now += ms; await vi.advanceTimersByTimeAsync(ms) }
/** Comes to the door; what became of it is in `of`. */
function come(rank: Rank): { of: 'waits' | 'in' | 'sent away'; place?: Place } {
  const one: ReturnType<typeof come> = { of: 'waits' }
  const settle = (place: Place | undefined) => { one.of = place ? 'in' : 'sent away'; one.place = place }
  const answer = line.enter(rank)
  if (answer instanceof Promise) answer.then(settle, () => {})
  else settle(answer)
  return one
}

test('two are worked for at once; of those who wait, writing members come first, then their reading, then visitors', async () => {
  const [first, second] = [come(2), come(2)]
  const [visitor, reader, writer] = [come(2), come(1), come(0)]
  expect([first.of, second.of, visitor.of, reader.of, writer.of]).toEqual(['in', 'in', 'waits', 'waits', 'waits'])
  first.place!.leave()
  first.place!.leave()
  await pass(0)
  expect([visitor.of, reader.of, writer.of]).toEqual(['waits', 'waits', 'in'])
  second.place!.leave()
  writer.place!.leave()
  await pass(0)
  expect([visitor.of, reader.of]).toEqual(['in', 'in'])
  expect(line.now()).toMatchObject({ running: 2, waiting: 0, shed: 0 })
})

test('who has waited too long is sent away, a visitor long before a member who writes', async () => {
  come(0)
  come(0)
  const [visitor, reader, writer] = [come(2), come(1), come(0)]
  await pass(300)
  expect([visitor.of, reader.of, writer.of]).toEqual(['sent away', 'waits', 'waits'])
  await pass(200)
  expect([reader.of, writer.of]).toEqual(['sent away', 'waits'])
  await pass(300)
  expect(writer.of).toBe('sent away')
  expect(line.retryAfter()).toBeGreaterThan(0)
})

test('the line does not grow without end', async () => {
  come(0)
  come(0)
  const all = Array.from({ length: 2000 }, () => come(2))
  expect(all.filter(({ of }) => of === 'waits')).toHaveLength(500)
  expect(line.now().waiting).toBe(500)
})

test('whoever sends slowly takes nobody’s place', async () => {
  const slow = Array.from({ length: 20 }, () => { const one = come(0); one.place!.coming(); return one })
  expect(slow.every(({ of }) => of === 'in')).toBe(true)
  const quick = come(2)
  expect(quick.of).toBe('in')
  // All are there at once now: they are worked for, and others wait until these are done.
  for (const one of slow) one.place!.here()
  const late = come(1)
  expect(late.of).toBe('waits')
  quick.place!.leave()
  for (const one of slow) one.place!.leave()
  await pass(0)
  expect(late.of).toBe('in')
})

test('where each takes long, fewer are worked for at once; and more again when it is quick', async () => {
  line.close()
  line = openPressure(32, () => now)
  const rush = async (each: number, rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const all = Array.from({ length: 40 }, () => come(0))
      while (line.now().running > 0) {
        await pass(each)
        for (const one of all) one.place?.leave()
        await pass(0)
      }
    }
  }
  await rush(500, 12)
  expect(line.now().limit).toBeLessThan(10)
  await rush(5, 400)
  expect(line.now().limit).toBe(32)
})

test('a crowd that comes at once is seen before the first of them is done; one who hangs is not', async () => {
  line.close()
  line = openPressure(32, () => now)
  const all = Array.from({ length: 32 }, () => come(0))
  await pass(600)
  expect(line.now().limit).toBeLessThan(20)
  for (const one of all) one.place!.leave()
  for (let at = 0; at < 40; at++) { const quick = come(0); await pass(5); quick.place!.leave() }
  await pass(1500)
  come(0)
  await pass(5000)
  expect(line.now().limit).toBe(32)
})

test('while this process is late with everything, visitors are sent away at once, then readers; but for those who come to an empty house', async () => {
  now += 350
  await pass(50)
  expect(come(2).of).toBe('in')
  expect([come(2).of, come(1).of, come(0).of]).toEqual(['sent away', 'in', 'waits'])
  await pass(500)
  expect(come(2).of).toBe('waits')
})

test('what hangs keeps others out for half a minute at most', async () => {
  come(0)
  come(0)
  await pass(31_000)
  expect(come(2).of).toBe('in')
})
