import { buffer } from 'node:stream/consumers'
import type { App } from '../../src/server/app.ts'
import { nameInStorage } from '../../src/server/domain/media/index.ts'

/** The bytes behind the address of a media file, whoever may fetch it. */
export async function storedBytes(app: App, url: string): Promise<Buffer> {
  const name = await storedAt(app, url)
  return buffer((await app.files.read(name))!)
}

/** Where the file behind this address lies in `app.files`. */
export async function storedAt(app: App, url: string): Promise<string> {
  const [key = '', file = ''] = url.split('/').slice(-2)
  const { rows } = await app.database.pool.query<{ id: string }>('select id from media where key = $1', [key])
  return nameInStorage(app, { id: rows[0]!.id, key }, file)
}
