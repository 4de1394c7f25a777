// How long it takes to look a picture up, with its eight turns, among listed hashes, beside comparing with all of them; and what
// the index costs. Random hashes: node bench/hashes.ts [COUNT…]
import { randomFillSync } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findByAll, openNearest } from '../src/server/platform/nearest/index.ts'
import { buildSegment, findInSegment } from '../src/server/platform/nearest/segment.ts'
import { tell } from './result.ts'

const counts = process.argv.slice(2).map(Number).filter(Boolean)
const turns = 8
const rounds = 300
const seconds = (since: number) => (performance.now() - since) / 1000
const at = (sorted: number[], part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
const random = (count: number) => {
  const words = new Int32Array(count * 8)
  for (let from = 0; from < words.length; from += 16_777_216) randomFillSync(words, from, Math.min(16_777_216, words.length - from))
  return words
}

for (const count of counts.length ? counts : [1_000_000, 10_000_000]) {
  const name = `${count / 1e6} M hashes`
  const hashes = random(count)
  const began = performance.now()
  const segment = buildSegment(hashes)
  tell({ name: `${name}: making the index`, value: seconds(began), unit: 's' })
  tell({ name: `${name}: memory`, value: segment.buffer.byteLength / 2 ** 20, unit: 'MiB' })
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const queries = random(turns)
    const since = performance.now()
    findInSegment(segment, queries, 31)
    times.push(performance.now() - since)
  }
  times.sort((one, other) => one - other)
  tell({ name: `${name}: a look-up with eight turns, median`, value: at(times, 0.5), unit: 'ms', most: 5 })
  tell({ name: `${name}: a look-up with eight turns, 99 of 100`, value: at(times, 0.99), unit: 'ms' })
  const queries = random(turns)
  const since = performance.now()
  findByAll(segment.hashes, queries, 31)
  const all = performance.now() - since
  tell({ name: `${name}: comparing with all of them`, value: all, unit: 'ms' })
  tell({ name: `${name}: the index as a part of that`, value: at(times, 0.5) / all, unit: '', most: count >= 10_000_000 ? 0.01 : 0.05 })

  // Neighbours of listed hashes at each distance up to 31: every one must be found.
  const asked = new Int32Array(32 * 8)
  for (let bits = 0; bits < 32; bits++) {
    asked.set(segment.hashes.subarray(bits * 8_000, bits * 8_000 + 8), bits * 8)
    for (let bit = 0; bit < bits; bit++) asked[bits * 8 + (bit * 37 % 256 >> 5)]! ^= 1 << (bit * 37 % 32)
  }
  const found = new Set(findInSegment(segment, asked, 31).map((hit) => `${hit.query}-${hit.place}`))
  tell({ name: `${name}: planted neighbours that are not found, of 32`, value: Array.from({ length: 32 }, (_, bits) => `${bits}-${bits * 1000}`).filter((one) => !found.has(one)).length, unit: '', most: 0 })
}

// As the server asks it: in a thread, from a file.
const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-'))
const set = openNearest({ mostHere: 0 })
await set.add(Buffer.from(random(1_000_000).buffer))
await set.save(join(folder, 'index'))
const again = openNearest()
const loading = performance.now()
await again.load(join(folder, 'index'))
tell({ name: '1 M hashes: loading the file', value: seconds(loading), unit: 's' })
tell({ name: '1 M hashes: the file', value: (await stat(join(folder, 'index'))).size / 2 ** 20, unit: 'MiB' })
const asked = Array.from({ length: turns }, () => Buffer.from(random(1).buffer))
const times: number[] = []
for (let round = 0; round < rounds; round++) {
  const since = performance.now()
  await again.find(asked, 31)
  times.push(performance.now() - since)
}
tell({ name: '1 M hashes: asking the thread, median', value: at(times.sort((one, other) => one - other), 0.5), unit: 'ms', most: 5 })
await Promise.all([set.close(), again.close()])
await rm(folder, { recursive: true, force: true })
