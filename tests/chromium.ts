import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'].flatMap((name) =>
  [`/Applications/${name}.app/Contents/MacOS/${name}`, `${process.env.HOME ?? ''}/Applications/${name}.app/Contents/MacOS/${name}`])

/**
 * The path of a Chromium for the browser tests: CHROMIUM_PATH, one that is installed, or, as root on Debian and
 * its kin, one installed now. Throws an Error that says what to do.
 */
export async function findChromium(): Promise<string> {
  const asked = process.env.CHROMIUM_PATH
  if (asked) {
    if (existsSync(asked)) return asked
    throw new Error(`CHROMIUM_PATH is ${asked}, but there is nothing.`)
  }
  return installed() ?? installOnDebian()
}

function installed(): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [...onPath, ...names.map((name) => `/usr/bin/${name}`), ...(process.platform === 'darwin' ? macApps : [])].find(canRun)
}

function canRun(path: string): boolean {
  try { accessSync(path, constants.X_OK); return true } catch { return false }
}

function installOnDebian(): string {
  const hint = 'The browser tests need Chromium or Chrome: install one (Debian: apt-get install chromium; macOS: brew install --cask chromium), or set CHROMIUM_PATH.'
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (process.getuid?.() !== 0 || !/^ID(_LIKE)?=.*debian/m.test(system)) throw new Error(hint)
  process.stderr.write('installing Chromium for the browser tests …\n')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    execFileSync('apt-get', ['update', '-q'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  } catch (error) {
    throw new Error(`${hint} (Installing it did not work here: ${(error as Error).message.split('\n')[0]})`, { cause: error })
  }
  const path = installed()
  if (!path) throw new Error(hint)
  return path
}
