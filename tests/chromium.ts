import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const shell = 'chromium-headless-shell'
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

/** The same engine without a window, which takes a third less of the machine, where it is there; else the browser. */
export async function findHeadlessChromium(): Promise<string> {
  return (process.env.CHROMIUM_PATH ? undefined : installed([shell], [])) ?? findChromium()
}

function installed(programs = names, apps = macApps): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => programs.map((name) => join(folder, name)))
  return [...onPath, ...programs.map((name) => `/usr/bin/${name}`), ...(process.platform === 'darwin' ? apps : [])].find(canRun)
}

function canRun(path: string): boolean {
  try { accessSync(path, constants.X_OK); return true } catch { return false }
}

const mayInstall = () => process.getuid?.() === 0 && existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))

function aptInstall(name: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-q'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

function installOnDebian(): string {
  const hint = 'The browser tests need Chromium or Chrome: install one (Debian: apt-get install chromium; macOS: brew install --cask chromium), or set CHROMIUM_PATH.'
  if (!mayInstall()) throw new Error(hint)
  process.stderr.write('installing Chromium for the browser tests …\n')
  try {
    aptInstall('chromium')
  } catch (error) {
    throw new Error(`${hint} (Installing it did not work here: ${(error as Error).message.split('\n')[0]})`, { cause: error })
  }
  const path = installed()
  if (!path) throw new Error(hint)
  return path
}

// As a program: what the browser tests need is there afterwards. It goes before them, since several of them begin at once.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await findChromium()
  if (!process.env.CHROMIUM_PATH && !installed([shell], []) && mayInstall()) {
    try { aptInstall(shell) } catch (error) { process.stderr.write(`without ${shell}: ${(error as Error).message.split('\n')[0]}\n`) }
  }
}
