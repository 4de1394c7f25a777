#!/usr/bin/env node
// Runs on any Node from 20 on: the program itself wants a newer one, which npm has put beside it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const entry = `${root}src/server/doors/cli/main.ts`
const flags = ['--disable-warning=ExperimentalWarning']

if (major > 22 || (major === 22 && minor >= 18)) {
  // Flags can't be added to a running process: only what they would silence.
  process.removeAllListeners('warning')
  process.on('warning', (warning) => { if (warning.name !== 'ExperimentalWarning') console.error(String(warning)) })
  const { main } = await import(entry)
  process.exitCode = await main(process.argv.slice(2))
} else {
  const packages = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  const node = packages.map((name) => `${root}node_modules/${name}/bin/node`).find((path) => existsSync(path))
  if (!node) {
    console.error(`Hearth needs Node 22.18 or newer; this is ${process.versions.node}, and npm has no newer one for ${process.platform} on ${process.arch}. Install Node 24 and try again.`)
    process.exit(1)
  }
  const child = spawn(node, [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches the whole group: the child ends in order, and we with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { if (signal !== 'SIGINT') child.kill(signal) })
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}
