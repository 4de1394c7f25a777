import { withApp } from '#server/start/open.ts'
import type { Entry, Option } from './command.ts'

const identity: Option = { type: 'string', value: 'FILE', help: 'the file with the key of encrypted backups' }
const where: Option = { type: 'string', value: 'PLACE', help: "a folder, or 's3:BUCKET' with the S3_… settings (HEARTH_BACKUP_TO)" }
const which: Option = { type: 'string', value: 'ID', help: 'which backup; the newest otherwise' }
const load = () => import('./backup.ts')

/** `hearth backup …` and `hearth restore`. */
export const backupCommands: Entry[] = [
  {
    name: 'backup verify', summary: 'reads a whole backup and names what is missing or changed', options: { from: where, backup: which, identity },
    run: async (ask) => (await load()).verifyCommand(ask).finally(() => ask.out.settle()),
  },
  { name: 'backup list', summary: 'lists the backups of a place', options: { from: where }, run: async (ask) => (await load()).listCommand(ask) },
  { name: 'backup key', summary: 'makes a pair of keys for encrypted backups', run: async (ask) => (await load()).keyCommand(ask) },
  {
    name: 'backup prune', summary: 'takes older backups away, and media that none of the others needs',
    options: { from: where, keep: { type: 'string', value: 'D,W,M', help: 'one of each of so many days, weeks and months (7,4,6)' }, identity },
    run: async (ask) => (await load()).pruneCommand(ask),
  },
  {
    name: 'backup', summary: 'makes a backup of everything, beside a running server; media that is there already is not copied again',
    options: { to: where, recipient: { type: 'string', value: 'age1…', help: 'encrypts for this key (HEARTH_BACKUP_RECIPIENT)' } },
    run: async (ask) => withApp(ask.environment, async (app) => (await load()).backupCommand(app, ask)).finally(() => ask.out.settle()),
  },
  {
    name: 'restore', summary: 'puts a backup into an empty place: a new data folder, or a new database', options: { from: where, backup: which, identity },
    more: 'For example: hearth restore --from /mnt/backups --data ./restored',
    run: async (ask) => (await load()).restoreCommand(ask).finally(() => ask.out.settle()),
  },
]
