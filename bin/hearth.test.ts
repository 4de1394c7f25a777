import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('the lock file of the packages names no registry', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"')
})

test('an older Node hands over to the one that npm brought', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-old-'))
  try {
    // Node that believes itself to be version 20.
    const pretend = join(folder, 'pretend.cjs')
    writeFileSync(pretend, "if (!process.env.HEARTH_HANDED_OVER) Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } })\n")
    const script = join(folder, 'old')
    writeFileSync(script, `#!/bin/sh\nexec "${process.execPath}" --require "${pretend}" "$@"\n`)
    chmodSync(script, 0o755)
    expect(execFileSync(script, ['bin/hearth.js', '--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
