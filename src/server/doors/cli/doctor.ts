import { randomBytes } from 'node:crypto'
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { App } from '#server/app.ts'
import { avEngineStatus } from '#server/platform/av/index.ts'
import { listBackups } from '#server/platform/backup/index.ts'
import { readConfig } from '#server/platform/config/index.ts'
import type { Config } from '#server/platform/config/index.ts'
import { s3Files } from '#server/platform/files/index.ts'
import { checkSmtp } from '#server/platform/mail/check.ts'
import { seeHealth } from '#server/domain/operations/index.ts'
import { databaseFacts, replicaFacts } from '#server/start/store.ts'
import { backupPlace } from '#server/backup.ts'
import { withApp } from '#server/start/open.ts'
import type { Entry } from './command.ts'
import { inOneSentence } from './sentence.ts'

type Finding = { check: string; state: 'ok' | 'note' | 'bad'; found: string; mend?: string }

const marks = { ok: '✓', note: '·', bad: '✗' }

/** `hearth doctor`: what works, what doesn't, and how to mend it. */
export const doctor: Entry = {
  name: 'doctor',
  summary: 'checks database, processes, jobs, disk, bucket, ffmpeg, mail, clock and public address; says how to mend each',
  async run(ask) {
    const config = readConfig(ask.environment)
    const findings = [
      ...await withApp(ask.environment, database).catch(async (error: unknown): Promise<Finding[]> => [{ check: 'database', state: 'bad', found: await inOneSentence(error),
        mend: config.databaseUrl ? 'Is the server of DATABASE_URL running, and are the name, the password and the database right?' : 'The sentence says what is missing; the README has more under "When something is wrong".' }]),
      ...await Promise.all(config.replicaUrls.map(replica)),
      ...await Promise.all([disk(config), bucket(config), backup(config), ffmpeg(), mail(config), address(config), limits(config)]),
    ]
    for (const { check, state, found, mend } of findings) {
      ask.say(`${marks[state]} ${check.padEnd(10)} ${found}`)
      if (mend && state !== 'ok') ask.say(`${' '.repeat(12)} → ${mend}`)
    }
    ask.data(findings)
    return findings.some(({ state }) => state === 'bad') ? 1 : 0
  },
}

async function database(app: App): Promise<Finding[]> {
  const facts = await databaseFacts(app.database)
  const off = Math.abs(facts.now.getTime() - Date.now()) / 1000
  return [
    { check: 'database', state: 'ok', found: `PostgreSQL ${facts.version} answers (${app.config.databaseUrl ? 'DATABASE_URL' : 'embedded'})` },
    ...await running(app),
    { check: 'clock', state: off < 5 ? 'ok' : 'bad', found: `${off.toFixed(1)} s from the database's`, mend: 'Switch time synchronisation on, on both machines (timedatectl set-ntp true).' },
  ]
}

async function replica(url: string): Promise<Finding> {
  const mend = 'Check DATABASE_REPLICA_URLS and the replication on that machine; meanwhile everything is read from the primary.'
  try {
    const { host, recovering, behind } = await replicaFacts(url)
    return { check: 'replica', state: recovering && behind < 10 ? 'ok' : 'note', found: recovering ? `${host} follows${behind >= 1 ? `, ${behind.toFixed(1)} s behind` : ''}` : `${host} is no replica: it takes writes itself`, mend }
  } catch (error) {
    return { check: 'replica', state: 'bad', found: `${new URL(url).host}: ${await inOneSentence(error)}`, mend }
  }
}

/** What the processes wrote down of themselves, and what waits. */
export async function running(app: App): Promise<Finding[]> {
  const { now } = await seeHealth(app, 'command', 'hour')
  const workers = now.processes.filter((one) => one.roles.includes('worker')).length
  const webs = now.processes.filter((one) => one.roles.includes('web')).length
  const versions = [...new Set(now.processes.map((one) => one.version))]
  return [
    now.processes.length === 0 ? { check: 'processes', state: 'note', found: 'none has written down a minute lately', mend: 'Is the server running? The first minute is written a few seconds after the start.' }
      : { check: 'processes', state: workers && versions.length < 2 ? 'ok' : 'bad', found: `${webs} with pages, ${workers} with jobs${versions.length > 1 ? `, of versions ${versions.join(' and ')}` : ''}`, mend: workers ? 'Bring all of them to the same version.' : "Start one with HEARTH_ROLES=worker: mail, media and notifications wait." },
    { check: 'jobs', state: now.jobs.failed || now.jobs.oldest > 300 ? 'note' : 'ok', found: `${now.jobs.waiting} wait${now.jobs.waiting ? `, the first for ${Math.round(now.jobs.oldest)} s` : ''}; ${now.jobs.failed} were given up`, mend: "'hearth jobs list --state failed' tells why, 'hearth jobs retry --failed' tries them again." },
    ...(now.mails.failed ? [{ check: 'letters', state: 'note' as const, found: `${now.mails.failed} could not be sent`, mend: 'The page ‘Letters’ shows them with what the mail server said.' }] : []),
    ...(now.lockdown ? [{ check: 'lockdown', state: 'note' as const, found: `${now.lockdown.mode} since ${now.lockdown.since}`, mend: "'hearth lockdown off' ends it." }] : []),
  ]
}

async function disk(config: Config): Promise<Finding> {
  const mend = 'Give the folder to the user that runs Hearth (chown), or choose another with HEARTH_DATA.'
  try {
    await mkdir(config.dataFolder, { recursive: true })
    await access(config.dataFolder, constants.W_OK | constants.X_OK)
  } catch {
    return { check: 'disk', state: 'bad', found: `${config.dataFolder} can't be written to`, mend }
  }
  const { bavail, bsize } = await statfs(config.dataFolder)
  const free = (bavail * bsize) / 2 ** 30
  return { check: 'disk', state: free < 1 ? 'bad' : free < 5 ? 'note' : 'ok', found: `${free.toFixed(1)} GiB free at ${config.dataFolder}`, mend: 'Make room or move the folder: below 1 GiB uploads and the database are in danger.' }
}

/** Writes a small file there, reads it and takes it away. */
async function bucket(config: Config): Promise<Finding> {
  if (!config.s3) return { check: 'bucket', state: 'ok', found: 'media stays on this disk (no S3_BUCKET)' }
  const files = s3Files(config.s3, { answerMs: 5000 })
  const name = `doctor/${randomBytes(6).toString('hex')}`
  try {
    await files.put(name, Buffer.from('well?'))
    const read = await files.read(name, { start: 0, end: 3 })
    if (!read || await text(read) !== 'well') throw new Error('what was written could not be read again')
    await files.remove(name)
    return { check: 'bucket', state: 'ok', found: `${config.s3.bucket} at ${new URL(config.s3.endpoint).host} takes files and gives them back` }
  } catch (error) {
    const { cause = error } = error as { cause?: unknown }
    return { check: 'bucket', state: 'bad', found: `${config.s3.bucket} at ${new URL(config.s3.endpoint).host}: ${cause instanceof Error ? cause.message : String(cause)}`,
      mend: 'Check S3_ENDPOINT, S3_BUCKET, S3_REGION and S3_PATH_STYLE, and that the key may read, write, list and delete in that bucket.' }
  }
}

/** Is there a backup, and is it young? */
async function backup(config: Config): Promise<Finding> {
  const mend = "Set HEARTH_BACKUP_TO to a folder on another disk, or to 's3:BUCKET'; 'hearth backup' makes one now."
  if (!config.backup) return { check: 'backup', state: 'note', found: 'none is made (no HEARTH_BACKUP_TO)', mend }
  try {
    const newest = (await listBackups(backupPlace(config, config.backup.to))).at(-1)
    if (!newest) return { check: 'backup', state: 'bad', found: `none yet at ${config.backup.to}`, mend: "'hearth backup' makes one now; each night one is made by itself." }
    const hours = (Date.now() - Date.parse(newest.createdAt)) / 3_600_000
    return { check: 'backup', state: hours < 30 ? 'ok' : 'bad', found: `the newest is ${hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`} old${newest.encrypted ? ', encrypted' : ', not encrypted (what is in quarantine is not in it)'}`, mend: "Look into the log for 'a job failed' and backup; 'hearth backup' tries it now and says what is wrong." }
  } catch (error) {
    return { check: 'backup', state: 'bad', found: `${config.backup.to}: ${error instanceof Error ? error.message : String(error)}`, mend }
  }
}

async function ffmpeg(): Promise<Finding> {
  const { works, version, problem } = await avEngineStatus()
  return works ? { check: 'ffmpeg', state: 'ok', found: `${version} (bundled)` }
    : { check: 'ffmpeg', state: 'bad', found: 'video and music can not be made ready', mend: problem ?? undefined }
}

async function mail(config: Config): Promise<Finding> {
  if (!config.smtpUrl) return { check: 'mail', state: 'note', found: "no SMTP_URL: letters wait in the owner's outbox page", mend: 'Set SMTP_URL to send them.' }
  const wrong = await checkSmtp(config.smtpUrl)
  return { check: 'mail', state: wrong ? 'bad' : 'ok', found: wrong ?? 'the SMTP server answers and lets us in', mend: 'Check host, port, name and password in SMTP_URL, and that this machine may connect to that port.' }
}

async function address(config: Config): Promise<Finding> {
  const url = `${config.publicUrl}/health/live`
  const said = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'manual' }).then((response) => response.ok ? 'ok' : `answers ${response.status}`, (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.message)
  return said === 'ok' ? { check: 'address', state: 'ok', found: `${config.publicUrl} answers` }
    : { check: 'address', state: 'bad', found: `${url}: ${said}`, mend: 'Is the server running? Does PUBLIC_URL lead to it, through DNS, the firewall and the proxy?' }
}

async function limits(config: Config): Promise<Finding> {
  return config.rateLimitScale === 1 ? { check: 'limits', state: 'ok', found: 'rate limits are as they should be' }
    : { check: 'limits', state: 'note', found: `HEARTH_RATE_LIMIT_SCALE multiplies every rate limit by ${config.rateLimitScale}`, mend: 'Leave it away outside of tests.' }
}
