import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { originalFile, storedName } from './files.ts'
import { attachFiles, countUnstored, lockUnstored, selectUnstored } from './queries-files.ts'
import type { NamedFile, Unstored } from './queries-files.ts'
import { keepFile } from './store.ts'

const page = 50

/**
 * Job: files that a former version kept in folders of their own are kept by their hash. The folders stay for a day (the sweep
 * takes them), for whoever still reads them. Can be broken off and begun again. Resolves to how many items it did.
 */
export async function adoptFiles(app: App, onProgress: (done: number, all: number) => void = () => {}): Promise<number> {
  const all = await countUnstored(app.database.queries)
  let done = 0
  for (let last = '0'; ;) {
    const rows = await selectUnstored(app.database.queries, last, page)
    for (const row of rows) {
      await adopt(app, row)
      onProgress(++done, Math.max(all, done))
    }
    if (rows.length < page) return done
    last = rows.at(-1)!.id
  }
}

async function adopt(app: App, row: Unstored): Promise<void> {
  const folder = await workFolder(app, 'adopt-')
  try {
    const files: NamedFile[] = []
    for (const name of [originalFile, ...row.variants.map((one) => one.file)]) {
      // What is missing is told by `hearth verify`; it can't be brought back here.
      if (!(await app.files.stat(storedName(row.key, name)))) continue
      files.push({ name, ...await keepFile(app, await app.files.localPath(storedName(row.key, name), folder)) })
    }
    await app.database.inTransaction(async (tx) => {
      if (await lockUnstored(tx, row)) await attachFiles(tx, row.id, files, app.now())
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An empty folder for one piece of work; whoever asked for it takes it away. */
export async function workFolder(app: App, prefix: string): Promise<string> {
  const workplace = join(app.config.dataFolder, 'work')
  await mkdir(workplace, { recursive: true })
  return mkdtemp(join(workplace, prefix))
}
