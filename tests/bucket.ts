import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import type { S3Settings } from '../src/server/platform/files/index.ts'

export type Bucket = {
  settings: S3Settings
  /** the name of a second, empty bucket */
  other: string
  /** the settings as the environment gives them */
  environment: Record<string, string>
  close(): Promise<void>
}

/** A real server that speaks S3, with two empty buckets. */
export async function openBucket(): Promise<Bucket> {
  const directory = await mkdtemp(join(tmpdir(), 'hearth-bucket-'))
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: 'hearth', configs: [] }, { name: 'other', configs: [] }] })
  const { port } = await server.run()
  const settings: S3Settings = { endpoint: `http://127.0.0.1:${port}`, bucket: 'hearth', region: 'us-east-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', pathStyle: true }
  return {
    settings, other: 'other',
    environment: { S3_ENDPOINT: settings.endpoint, S3_BUCKET: 'hearth', S3_ACCESS_KEY_ID: 'S3RVER', S3_SECRET_ACCESS_KEY: 'S3RVER' },
    async close() {
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
