// `npm test`: everything that must hold, in order; the first that doesn't ends it. CI runs exactly this.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = `${root}node_modules/.bin/`
/** what it promises · the command */
const steps = [
  ['pages know their types', 'svelte-kit', ['sync']],
  ['types', 'svelte-check', ['--tsconfig', './tsconfig.json', '--threshold', 'error']],
  ['lint', 'oxlint', ['--deny-warnings']],
  ['rooms: the arrows point one way', 'depcruise', ['--config', '.dependency-cruiser.js', 'src']],
  ['the pages build', 'vite', ['build', '--logLevel', 'error']],
  ['tests: rooms, doors and journeys', 'vitest', ['run']],
]

rmSync(`${root}build/stamp`, { force: true })
let passed = 0
for (const [promise, program, args] of steps) {
  const began = Date.now()
  process.stdout.write(`\n▸ ${promise}\n`)
  const code = await new Promise((done) => {
    const child = spawn(process.execPath, [`${bin}${program}`, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } })
    child.once('error', (error) => { process.stderr.write(`${error.message}\n`); done(1) })
    child.once('exit', done)
  })
  if (code !== 0) {
    process.stdout.write(`\n✗ ${promise} (${((Date.now() - began) / 1000).toFixed(0)} s)\n${passed} passed, 1 failed\n`)
    process.exit(1)
  }
  passed++
  process.stdout.write(`✓ ${promise} (${((Date.now() - began) / 1000).toFixed(0)} s)\n`)
}
process.stdout.write(`\n${passed} passed, 0 failed\n`)
