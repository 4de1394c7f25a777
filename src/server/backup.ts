import { join, resolve } from 'node:path'
import pg from 'pg'
import type { App } from './app.ts'
import { audit, auditHead } from './domain/instance/index.ts'
import { shutAwayFiles } from './domain/vault/index.ts'
import { pruneBackups, writeBackup } from './platform/backup/index.ts'
import type { BackupResult } from './platform/backup/index.ts'
import type { Config } from './platform/config/index.ts'
import { besideFiles, localFiles, s3Files } from './platform/files/index.ts'
import type { Files } from './platform/files/index.ts'

/** Where backups lie: a folder, or another bucket of the service that the S3_… settings name. Throws an Error that says what is missing. */
export function backupPlace(config: Config, to: string): Files {
  if (!to.startsWith('s3:')) return localFiles(resolve(to))
  if (!config.s3) throw new Error("'s3:BUCKET' needs S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.")
  const bucket = to.slice(3)
  if (bucket === config.s3.bucket) throw new Error('Backups need a bucket of their own, not that of the media.')
  return s3Files({ ...config.s3, bucket })
}

/** Where secrets lie that are in no table. */
export const keysFolder = (config: Config): string => join(config.dataFolder, 'keys')

/** Media, and beside it the sealed evidence: encrypted as it lies there, for a key that only encrypted backups hold. */
export const withVault = (config: Config, media: Files): Files => besideFiles(media, 'vault', localFiles(join(config.dataFolder, 'vault')))

/** Makes a backup of this community beside its running server. Without encryption, what is shut away (quarantine, evidence of the hardest kinds) is left out: it lies sealed in the vault, and must lie in clear nowhere else. */
export async function backUp(app: App, to: Files, recipient: string | null, onProgress?: (what: 'tables' | 'media', done: number, all: number) => void): Promise<BackupResult> {
  // Beside the copy, so that a record that was cut short or written anew later can be told: `hearth audit verify --head`.
  const head = await auditHead(app)
  const { host, port, user, database, connectionString } = app.database.pool.options
  const leaveOut = recipient === null ? await shutAwayFiles(app) : new Set<string>()
  return writeBackup({ leaveOut, connect: () => new pg.Client({ host, port, user, database, connectionString }), media: withVault(app.config, app.files), keysFolder: keysFolder(app.config), to, recipient, now: app.now(), ...head ? { notes: { auditHead: head.hash, auditRows: String(head.rows) } } : {}, onProgress })
}

/** That a copy of everything was made, on record. */
export const recordBackup = (app: App, by: 'program' | 'command', manifest: { id: string; encrypted: boolean }): Promise<void> => app.database.inTransaction((tx) => audit(app, tx, by, 'backup.make', { kind: 'backup', id: manifest.id }, { encrypted: manifest.encrypted }))

/** Job: the nightly backup, where one is wanted; older ones go. */
export async function nightlyBackup(app: App): Promise<void> {
  const wanted = app.config.backup
  if (!wanted) return
  const to = backupPlace(app.config, wanted.to)
  const { manifest, copied, leftOut } = await backUp(app, to, wanted.recipient)
  await recordBackup(app, 'program', manifest)
  const { removed } = await pruneBackups(to, wanted.keep, null)
  if (leftOut) app.log.warn('files in quarantine are not in the backup, as it is not encrypted: set HEARTH_BACKUP_RECIPIENT', { backup: manifest.id, files: leftOut })
  app.log.info('a backup was made', { backup: manifest.id, files: copied.files, bytes: copied.bytes, removed: removed.length })
}
