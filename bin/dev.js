// `npm run dev`: starts Hearth, and again, with fresh pages, whenever a source changes.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
let child
let timer

function start() {
  child = spawn(process.execPath, ['bin/hearth.js', 'start', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
}

function again() {
  process.stdout.write('\n  something changed: starting again\n')
  const old = child
  if (old.exitCode !== null) { start(); return }
  old.once('exit', start)
  old.kill('SIGTERM')
}

for (const folder of ['src', 'migrations', 'static']) {
  watch(`${root}${folder}`, { recursive: true }, (_, name) => {
    if (!name || name.includes('.test.')) return
    clearTimeout(timer)
    timer = setTimeout(again, 300)
  })
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (child.exitCode !== null) process.exit(0)
    child.once('exit', () => process.exit(0))
    child.kill(signal)
  })
}
start()
