import { createHash } from 'node:crypto'
import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
export const builtHandler = new URL('../../../build/handler.js', import.meta.url).href

/** Builds the pages if they aren't built or their sources changed since. Returns whether it built. */
export async function buildPages(onStep: (what: string) => void): Promise<boolean> {
  const stamp = await stampOf()
  const kept = await readFile(join(root, 'build/stamp'), 'utf8').catch(() => '')
  if (kept === stamp) return false
  onStep('building the pages')
  process.env.NODE_ENV = 'production'
  const { build } = await import('vite')
  await build({ root, logLevel: 'error', configFile: join(root, 'vite.config.ts') })
  await writeFile(join(root, 'build/stamp'), stamp)
  return true
}

/** Names, sizes and times of everything the pages are made of. */
async function stampOf(): Promise<string> {
  const hash = createHash('sha256')
  const add = async (path: string) => {
    const info = await stat(join(root, path)).catch(() => undefined)
    if (info) hash.update(`${path} ${info.size} ${Math.floor(info.mtimeMs)}\n`)
  }
  for (const file of ['package-lock.json', 'vite.config.ts', 'src/app.html', 'src/hooks.server.ts', 'src/service-worker.ts']) await add(file)
  for (const folder of ['src/routes', 'src/ui', 'src/i18n', 'static']) {
    const names = await readdir(join(root, folder), { recursive: true })
    for (const name of names.sort()) if (/\.\w+$/.test(name)) await add(`${folder}/${name}`)
  }
  return hash.digest('hex')
}
