#!/usr/bin/env node
// The command. Hearth itself needs Node 22.18 or newer; npm brought a Node 24 along, so that any Node from 20 on can begin.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [major, minor] = process.versions.node.split('.').map(Number)
const isNewEnough = major > 22 || (major === 22 && minor >= 18)
/** What a server runs with. By itself Node lets the space for young objects grow to 128 MB on a large machine; it hardly gets faster after an eighth of that. */
const serverOptions = process.argv[2] === 'start' ? ['--max-semi-space-size=16'] : []

if (isNewEnough) {
  silenceExperiments()
  becomeServer()
  endWithWhoBegan()
  await keepCompiled()
  const { main } = await import('../src/main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  handOver()
}

/** Type stripping is what we rely on; a warning about it helps nobody who runs a community. */
function silenceExperiments() {
  const emit = process.emit
  process.emit = function (name, warning, ...rest) {
    if (name === 'warning' && warning?.name === 'ExperimentalWarning') return false
    return emit.call(this, name, warning, ...rest)
  }
}

/** What was compiled once is read again at the next start, where this folder may be written; it saves a third of the start's work. */
async function keepCompiled() {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache?.(join(root, 'node_modules', '.cache', 'hearth'))
}

/** Node takes these options only as it begins, so this process begins once more, as the same one: number, streams and signals stay. Where that can't be done, memory is all that is lost. */
function becomeServer() {
  if (serverOptions.length === 0 || !process.execve || process.channel || process.execArgv.includes(serverOptions[0]) || /--max-semi-space-size/.test(process.env.NODE_OPTIONS ?? '')) return
  try { process.execve(process.execPath, [process.execPath, ...process.execArgv, ...serverOptions, ...process.argv.slice(1)], process.env) } catch { /* not on this system */ }
}

/** Where an older Node handed over to us: when it goes, we go too, in order. */
function endWithWhoBegan() {
  if (!process.env.HEARTH_HANDED_OVER || !process.channel) return
  delete process.env.HEARTH_HANDED_OVER
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}

function handOver() {
  const node = findNode()
  if (!node) {
    process.stderr.write(`Hearth needs Node 22.18 or newer; this is ${process.versions.node}, and there is no Node for ${process.platform}-${process.arch} in node_modules.\n` +
      "Run 'npm install' in the project's folder (with optional packages), or install Node 24 from https://nodejs.org.\n")
    process.exitCode = 1
    return
  }
  const child = spawn(node, [...serverOptions, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, HEARTH_HANDED_OVER: '1', PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => { process.stderr.write(`hearth: ${node} could not be started: ${error.message}\n`); process.exitCode = 1 })
  child.on('exit', (code, signal) => { process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1) })
}

function findNode() {
  const require = createRequire(import.meta.url)
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  const inPackages = names.flatMap((name) => {
    try { return [join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node')] } catch { return [] }
  })
  return [...inPackages, join(root, 'node_modules', '.bin', 'node')].find((path) => existsSync(path))
}
