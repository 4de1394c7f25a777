// npm run bench [NAME…] [-- --data DIR]: runs the benchmarks of this folder one after the other, shows their numbers and
// keeps them in bench/results: numbers, a plot of each against its limits, a table of all. Ends with 1 where a number is above what it may be. Those that need a seeded community
// run only where --data names its folder.
import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { againstLimits, table } from './plot.ts'
import type { Result } from './result.ts'
import { resultOf } from './result.ts'

const folder = import.meta.dirname
const parts = ['run', 'result', 'cpu', 'bare-pictures', 'load', 'pss', 'plot', 'trace']
/** Takes an hour: only where it is asked for by name. */
const long = ['memory']
const flag = (name: string): string[] => { const at = process.argv.indexOf(name); return at > 0 ? process.argv.slice(at, at + 2) : [] }
const [data, bigger] = [flag('--data'), flag('--bigger')]
const wanted = process.argv.slice(2).filter((word) => ![...data, ...bigger].includes(word))
const names = (await readdir(folder)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3)).filter((name) => !parts.includes(name) && (wanted.length === 0 ? !long.includes(name) : wanted.includes(name)))

type Measured = Parameters<typeof table>[0][number]
let wrong = false
await mkdir(join(folder, 'results'), { recursive: true })
for (const name of names) {
  const source = await readFile(join(folder, `${name}.ts`), 'utf8')
  const needsData = source.includes('--data')
  if (needsData && data.length === 0) {
    console.log(`\n${name}: left out, it needs --data DIR`)
    continue
  }
  if (source.includes('--bigger') && bigger.length === 0) {
    console.log(`\n${name}: left out, it needs --bigger DIR`)
    continue
  }
  console.log(`\n${name}`)
  const results: Result[] = []
  const code = await run(name, needsData ? [...data, ...bigger] : [], (line) => {
    const result = resultOf(line)
    if (result) results.push(result)
    console.log(result ? `  ${row(result)}` : line)
  })
  if (code !== 0 || results.some(missed)) wrong = true
  if (code !== 0) console.log(`  ended with ${code}`)
  if (results.some(({ most, least }) => (most ?? least) !== undefined)) await writeFile(join(folder, 'results', `${name}-limits.svg`), againstLimits(name, results))
  await writeFile(join(folder, 'results', `${name}.json`), `${JSON.stringify({ name, at: new Date().toISOString(), node: process.version, results }, null, 2)}\n`)
}
// Beside the numbers of each there may be other things here, such as what Lighthouse said.
const kept = (await readdir(join(folder, 'results'))).filter((file) => file.endsWith('.json')).sort()
const read = await Promise.all(kept.map(async (file) => JSON.parse(await readFile(join(folder, 'results', file), 'utf8')) as Partial<Measured>))
await writeFile(join(folder, 'results', 'table.md'), table(read.filter((one): one is Measured => Array.isArray(one.results))))
process.exitCode = wrong ? 1 : 0

function missed({ value, most, least }: Result): boolean {
  return (most !== undefined && value > most) || (least !== undefined && value < least)
}

function row(result: Result): string {
  const { name, value, unit, most, least } = result
  const limit = most !== undefined ? `  (at most ${most}` : least !== undefined ? `  (at least ${least}` : ''
  return `${name.padEnd(60)} ${value.toFixed(value < 10 ? 2 : 1).padStart(10)} ${unit}${limit && `${limit}${missed(result) ? ': MISSED' : ''})`}`
}

function run(name: string, words: string[], onLine: (line: string) => void): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(folder, `${name}.ts`), ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })
    lines.on('line', onLine)
    child.once('error', fail)
    child.once('close', (code) => done(code ?? 1))
  })
}
