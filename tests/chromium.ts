import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const apps = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

/** A Chromium's path: CHROMIUM_PATH, one on PATH, an application's, or, as root on Debian, one that it installs. Throws a sentence that says what to do. */
export async function findChromium(): Promise<string> {
  const found = look()
  if (found) return found
  if (process.getuid?.() === 0 && usable('/usr/bin/apt-get')) {
    process.stderr.write('  installing Chromium for the tests …\n')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'], { env })
    await run('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-core', 'fonts-noto-color-emoji'], { env, maxBuffer: 64 * 1024 * 1024 })
    const installed = look()
    if (installed) return installed
  }
  throw new Error('The browser tests need Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.')
}

function look(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return [process.env.CHROMIUM_PATH ?? '', ...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...apps].find((path) => path !== '' && usable(path))
}

function usable(path: string): boolean {
  try { accessSync(path, constants.X_OK); return true } catch { return false }
}
