import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { birthOf } from './processes.ts'

export type Holder = { pid: number; birth: string; what: 'server' | 'command' | 'build' }
export type Lock = { release(): Promise<void> }

const patience = 2_000

/**
 * Takes the lock of a folder, or tells who holds it. A lock whose process was killed is taken over;
 * a number that now belongs to another program doesn't deceive it.
 */
export async function takeLock(folder: string, what: Holder['what'], name = 'hearth.lock'): Promise<Lock | { heldBy: Holder }> {
  // As root, the database may run as 'nobody', who must be able to walk through.
  await mkdir(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  const file = join(folder, name)
  const own: Holder = { pid: process.pid, birth: await birthOf(process.pid) ?? '', what }
  const until = Date.now() + patience
  for (;;) {
    if (await create(file, JSON.stringify(own))) return { release: () => release(file, own) }
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const holder = read(text)
    if (holder && await birthOf(holder.pid) === holder.birth) return { heldBy: holder }
    // Just made and not written yet, or cut off by a crash: give its writer a moment.
    if (!holder && Date.now() < until) await new Promise((done) => setTimeout(done, 50))
    else await takeAway(file, text)
  }
}

/** Who holds the folder now, if anybody. */
export async function lockHolder(folder: string, name = 'hearth.lock'): Promise<Holder | undefined> {
  const holder = read(await readFile(join(folder, name), 'utf8').catch(() => ''))
  return holder && await birthOf(holder.pid) === holder.birth ? holder : undefined
}

async function create(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600)
    await handle.writeFile(text).finally(() => handle.close())
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(text: string): Holder | undefined {
  try {
    const { pid, birth, what } = JSON.parse(text) as Holder
    return Number.isInteger(pid) && pid > 0 && typeof birth === 'string' ? { pid, birth, what } : undefined
  } catch {
    return undefined
  }
}

/** Of several that find the same stale lock, one at a time may look again and take it away. */
async function takeAway(file: string, text: string): Promise<void> {
  const guard = `${file}.taking`
  if (!(await create(guard, ''))) {
    const made = (await stat(guard).catch(() => undefined))?.mtimeMs ?? Date.now()
    if (Date.now() - made > patience) await rm(guard, { force: true })
    await new Promise((done) => setTimeout(done, 20))
    return
  }
  try {
    if (await readFile(file, 'utf8').catch(() => '') === text) await rm(file, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}

async function release(file: string, own: Holder): Promise<void> {
  const holder = read(await readFile(file, 'utf8').catch(() => ''))
  if (holder?.pid === own.pid && holder.birth === own.birth) await rm(file, { force: true })
}
