import { readFile } from 'node:fs/promises'
import { sizeIn } from '#i18n/size.ts'
import type { App } from '#server/app.ts'
import { backUp, backupPlace, recordBackup } from '#server/backup.ts'
import { listBackups, makeBackupKey, pruneBackups, verifyBackup } from '#server/platform/backup/index.ts'
import type { Manifest } from '#server/platform/backup/index.ts'
import { readConfig } from '#server/platform/config/index.ts'
import type { Files } from '#server/platform/files/index.ts'
import { restoreInto } from '#server/start/restore.ts'
import { UsageError } from './command.ts'
import type { Ask } from './command.ts'

const labels = { tables: 'tables', media: 'media' }
const progressOf = (ask: Ask) => (what: 'tables' | 'media', done: number, all: number) => ask.out.progress(labels[what], done, all)

/** hearth backup */
export async function backupCommand(app: App, ask: Ask): Promise<number> {
  const to = ask.text('to') ?? app.config.backup?.to
  if (!to) throw new UsageError('--to or HEARTH_BACKUP_TO says where the backup goes.')
  const recipient = ask.text('recipient') ?? app.config.backup?.recipient ?? null
  if (recipient !== null && !/^age1[0-9a-z]{58}$/.test(recipient)) throw new UsageError("--recipient should be an age recipient, 'age1…'; 'hearth backup key' makes one.")
  const { manifest, copied, gone, leftOut } = await backUp(app, backupPlace(app.config, to), recipient, progressOf(ask))
  await recordBackup(app, 'command', manifest)
  ask.out.settle()
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  ask.say(`Backup ${manifest.id}: ${rows} rows of ${manifest.tables.length} tables, ${manifest.media.files} files of media (${sizeIn(manifest.media.allBytes, 'en')}), ${copied.files} of them new (${sizeIn(copied.bytes, 'en')}).`)
  if (!manifest.encrypted) ask.say("It isn't encrypted, so the folder 'keys' is not in it: keep a copy of that folder elsewhere, or give --recipient.")
  if (leftOut) ask.say(`${leftOut} files in quarantine, or evidence of the hardest kinds, are left out for the same reason: nothing of that kind should lie in clear. The vault, which is sealed, is in it.`)
  ask.data({ id: manifest.id, rows, tables: manifest.tables.length, files: manifest.media.files, copied, gone, leftOut, encrypted: manifest.encrypted })
  return 0
}

/** hearth backup list */
export async function listCommand(ask: Ask): Promise<number> {
  const all = await listBackups(placeOf(ask))
  for (const one of all) ask.say(`${one.id}  ${String(one.media.files).padStart(8)} files  ${sizeIn(one.media.allBytes, 'en').padStart(10)}${one.encrypted ? '  encrypted' : ''}`)
  if (all.length === 0) ask.say('There is no finished backup.')
  ask.data(all.map(({ id, createdAt, encrypted, media }) => ({ id, createdAt, encrypted, files: media.files, bytes: media.allBytes })))
  return 0
}

/** hearth backup key */
export async function keyCommand(ask: Ask): Promise<number> {
  const { identity, recipient } = await makeBackupKey()
  ask.say(`# Put this line into a file away from the server: whoever has it can read the backups, and without it nobody can.\n${identity}\n# Give this to the server (HEARTH_BACKUP_RECIPIENT, or --recipient):\n# ${recipient}`)
  ask.data({ identity, recipient })
  return 0
}

/** hearth backup verify; exit code 1 where something is wrong. */
export async function verifyCommand(ask: Ask): Promise<number> {
  const place = placeOf(ask)
  const manifest = await chosen(place, ask.text('backup'))
  const identity = await identityOf(ask)
  const { files, wrong } = await verifyBackup(place, manifest, identity, (done, all) => ask.out.progress('reading', done, all))
  ask.out.settle()
  for (const line of wrong) ask.say(`✗ ${line}`)
  ask.say(wrong.length ? `${wrong.length} things are wrong with ${manifest.id}.` : `✓ ${manifest.id}: ${files} files are whole${manifest.encrypted && identity === null ? '; without --identity media could not be opened' : ''}.`)
  ask.data({ id: manifest.id, files, wrong })
  return wrong.length ? 1 : 0
}

/** hearth backup prune */
export async function pruneCommand(ask: Ask): Promise<number> {
  const [daily, weekly, monthly] = (/^(\d{1,3}),(\d{1,3}),(\d{1,3})$/.exec(ask.text('keep') ?? '7,4,6') ?? []).slice(1).map(Number)
  if (daily === undefined || weekly === undefined || monthly === undefined) throw new UsageError('--keep should be three numbers like 7,4,6.')
  const done = await pruneBackups(placeOf(ask), { daily, weekly, monthly }, await identityOf(ask))
  ask.say(`${done.removed.length} backups removed, ${done.kept.length} kept; ${done.swept ? `${done.media} files of media that none of them needs removed` : 'media stays: --identity is needed to know what encrypted backups need'}.`)
  ask.data(done)
  return 0
}

/** hearth restore */
export async function restoreCommand(ask: Ask): Promise<number> {
  const place = placeOf(ask)
  const manifest = await chosen(place, ask.text('backup'))
  const done = await restoreInto(ask.environment, place, manifest, await identityOf(ask), progressOf(ask))
  ask.out.settle()
  ask.say(`${manifest.id} is back: ${done.rows} rows of ${done.tables} tables, ${done.files} files of media (${sizeIn(done.bytes, 'en')}). 'hearth verify' compares them, 'hearth start' starts them.`)
  ask.data({ id: manifest.id, ...done })
  return 0
}

function placeOf(ask: Ask): Files {
  const config = readConfig(ask.environment)
  const from = ask.text('from') ?? config.backup?.to
  if (!from) throw new UsageError('--from or HEARTH_BACKUP_TO says where the backups are.')
  return backupPlace(config, from)
}

async function chosen(place: Files, id: string | undefined): Promise<Manifest> {
  const all = await listBackups(place)
  const found = id === undefined ? all.at(-1) : all.find((one) => one.id === id)
  if (!found) throw new Error(id === undefined ? 'There is no finished backup in this place.' : `There is no backup ${id} in this place; 'hearth backup list' shows those that are.`)
  return found
}

/** The first key of a file as age writes them: comments and empty lines are skipped. */
async function identityOf(ask: Ask): Promise<string | null> {
  const file = ask.text('identity')
  if (file === undefined) return null
  const key = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim()).find((line) => line.startsWith('AGE-SECRET-KEY-'))
  if (!key) throw new UsageError(`${file} holds no key: a line that begins with AGE-SECRET-KEY-.`)
  return key
}
