import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { takeLock } from './lock.ts'
import { root } from './root.ts'

/** What the built pages are made of. The server's own code stays outside of them. */
const sources = ['package.json', 'package-lock.json', 'vite.config.ts', 'src/{routes,ui,i18n}/**/*', 'src/*.{ts,html}', 'static/**/*']
const stampFile = join(root, 'build', '.stamp')

/** The address of SvelteKit's request handler, for `import`. */
export const pagesHandler = pathToFileURL(join(root, 'build', 'handler.js')).href

/** Are there built pages, and are they those of today's sources? */
export async function pagesAreFresh(): Promise<boolean> {
  if (!existsSync(join(root, 'build', 'handler.js'))) return false
  // An installation without its sources has nothing to compare.
  if (!existsSync(join(root, 'src', 'routes'))) return true
  return await readFile(stampFile, 'utf8').catch(() => '') === await stamp()
}

/**
 * Builds the pages; when another process is at it, waits for that one instead.
 * Throws an Error with what the builder said.
 */
export async function buildPages(): Promise<void> {
  const lock = await takeLock(join(root, '.svelte-kit'), 'build', 'build.lock')
  if ('heldBy' in lock) {
    await new Promise((done) => setTimeout(done, 300))
    return await pagesAreFresh() ? undefined : buildPages()
  }
  try {
    if (await pagesAreFresh()) return
    const of = await stamp()
    await vite()
    await writeFile(stampFile, of)
  } finally {
    await lock.release()
  }
}

async function stamp(): Promise<string> {
  const files: string[] = []
  for await (const entry of glob(sources, { cwd: root, withFileTypes: true })) {
    if (entry.isFile() && !entry.name.includes('.test.')) files.push(join(entry.parentPath, entry.name))
  }
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(file.slice(root.length)).update('\0').update(await readFile(file)).update('\0')
  return hash.digest('hex')
}

function vite(): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said = (said + chunk.toString()).slice(-8000) })
    child.once('error', fail)
    child.once('exit', (code) => code === 0 ? done() : fail(new Error(`The pages could not be built:\n${said.trim()}`)))
  })
}
