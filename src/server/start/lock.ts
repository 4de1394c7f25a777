import { execFile } from 'node:child_process'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

export type Lock = { release(): Promise<void> }
export type Owner = { pid: number; started: string; database?: { host: string; port: number; user: string; database: string } }

/** Takes the data folder for this process. Throws a sentence that names the other one. A lock whose process is gone is taken over. */
export async function lockFolder(folder: string): Promise<Lock> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  const path = join(folder, 'hearth.lock')
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(path, 'wx')
      await handle.writeFile(JSON.stringify({ pid: process.pid, started: await startOf(process.pid) }))
      await handle.close()
      return { release: () => rm(path, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const owner = await lockOwner(folder)
      if (owner) throw new Error(`Hearth already runs on ${folder} (process ${owner.pid}). Stop that one first, or choose another folder with --data or HEARTH_DATA.`)
      await rm(path, { force: true })
    }
  }
  throw new Error(`The lock file ${path} could not be taken. Is another Hearth starting at this moment?`)
}

/** Who holds the folder; undefined when nobody does. A number that now belongs to another program doesn't count. */
export async function lockOwner(folder: string): Promise<Owner | undefined> {
  const text = await readFile(join(folder, 'hearth.lock'), 'utf8').catch(() => '')
  let owner: Owner
  try { owner = JSON.parse(text) as Owner } catch { return undefined }
  return owner.pid && owner.started && await startOf(owner.pid) === owner.started ? owner : undefined
}

/** When a process started, as the system tells it; empty when there is none. */
function startOf(pid: number): Promise<string> {
  return new Promise((done) => execFile('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C' } }, (error, out) => done(error ? '' : out.trim())))
}
