// `npm test`: everything that must hold, one line a step; the first that fails ends it and shows what it said.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { steps } from '../src/server/platform/progress/steps.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules/.bin')
const folder = mkdtempSync(join(tmpdir(), 'hearth-ci-'))
const schema = 'src/server/platform/db/schema.ts'
const report = (name) => join(folder, `${name}.json`)
const vitest = (name, ...words) => ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report(name)}`, ...words]

/** name, commands that must all end well one after the other, and for tests the report that counts them; `atOnce` for what only reads: all of those begin with the first */
const atOnce = 'at once'
const list = [
  ['pages build', [['svelte-kit', 'sync'], ['node', 'bin/build.js']]],
  ['a browser', [['node', 'tests/chromium.ts']]],
  ['types', [['svelte-check', '--tsconfig', './tsconfig.json', '--threshold', 'error', '--output', 'human']], undefined, atOnce],
  ['lint', [['oxlint', '--deny-warnings']], undefined, atOnce],
  ['rooms and arrows', [['depcruise', '--config', '.dependency-cruiser.js', '--output-type', 'err', 'src']], undefined, atOnce],
  ['dead code', [['knip']], undefined, atOnce],
  ['table types are those of the migrations', [['node', 'bin/schema.ts', join(folder, 'schema.ts')], ['diff', '-u', schema, join(folder, 'schema.ts')]], undefined, atOnce],
  ['domain and unit tests', [vitest('domain', '--exclude', 'tests/journeys/**', '--exclude', 'tests/clients/**', '--exclude', 'tests/scale/**', '--exclude', 'tests/endurance/**')], 'domain'],
  ['endurance', [vitest('endurance', 'tests/endurance', '--no-file-parallelism')], 'endurance'],
  ['more than one machine', [vitest('scale', 'tests/scale')], 'scale'],
  ['programs of others', [vitest('clients', 'tests/clients')], 'clients'],
  ['journeys in a browser', [vitest('journeys', 'tests/journeys')], 'journeys'],
]

const wanted = process.argv.slice(2)
const chosen = list.filter(([name]) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
const began = Date.now()
let passed = 0
let failed = 0
const begun = new Map()
for (const [name, commands, counts, when] of chosen) {
  const since = Date.now()
  const show = steps(process.stdout)
  show.begin(name)
  const pulse = process.stdout.isTTY ? undefined : setInterval(() => process.stdout.write(`    … ${Math.round((Date.now() - since) / 1000)} s\n`), 30_000)
  if (when === atOnce && begun.size === 0) for (const [other, theirs, , too] of chosen) if (too === atOnce) begun.set(other, inOrder(theirs))
  const wrong = await (begun.get(name) ?? inOrder(commands))
  clearInterval(pulse)
  const tests = counts ? read(report(counts)) : undefined
  passed += tests?.passed ?? (wrong === undefined ? 1 : 0)
  failed += tests?.failed || (wrong === undefined ? 0 : 1)
  show.end(wrong === undefined)
  if (!process.stdout.isTTY && wrong === undefined) process.stdout.write(`    ${tests ? `${tests.passed} tests ` : ''}✓ ${((Date.now() - since) / 1000).toFixed(1)} s\n`)
  if (wrong !== undefined) {
    process.stdout.write(`\n${wrong.trimEnd()}\n`)
    break
  }
}
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`\n${passed} passed, ${failed} failed in ${Math.round((Date.now() - began) / 1000)} s\n`)
process.exitCode = failed ? 1 : 0

async function inOrder(commands) {
  for (const command of commands) {
    const { code, said } = await run(command)
    if (code !== 0) return `${command.join(' ')} ended with ${code}:\n${said}`
  }
  return undefined
}

function run([program, ...words]) {
  return new Promise((done) => {
    const command = program === 'node' ? process.execPath : program
    const child = spawn(command, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, CI: '1', NO_COLOR: '1', FORCE_COLOR: undefined } })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said = (said + chunk).slice(-60_000) })
    child.on('error', (error) => done({ code: 1, said: String(error) }))
    child.on('exit', (code, signal) => done({ code: code ?? signal, said }))
  })
}

function read(file) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    return undefined
  }
}
