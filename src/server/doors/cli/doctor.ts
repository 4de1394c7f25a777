import { access, constants, statfs } from 'node:fs/promises'
import { createTransport } from 'nodemailer'
import type { App } from '../../app.ts'
import type { Command } from './command.ts'

type Finding = { check: string; ok: boolean; found: string; mend?: string }

/** hearth doctor: what works, what doesn't, and how to mend it. Exit code 1 when something doesn't. */
export const doctorCommand: Command = async (app, _values, _words, out) => {
  const findings = (await Promise.all([database(app), disk(app), mail(app), clock(app), address(app), limits(app)])).flat()
  for (const one of findings) out.line(`${one.ok ? '✓' : '✗'} ${one.check.padEnd(10)} ${one.found}${one.ok || !one.mend ? '' : `\n  ${''.padEnd(10)} → ${one.mend}`}`)
  out.json(findings)
  return findings.every((one) => one.ok) ? 0 : 1
}

async function database(app: App): Promise<Finding> {
  const { rows } = await app.database.pool.query<{ version: string }>('show server_version')
  return { check: 'database', ok: true, found: `PostgreSQL ${rows[0]?.version ?? '?'} (${app.config.databaseUrl ? 'DATABASE_URL' : 'embedded'})` }
}
async function disk(app: App): Promise<Finding> {
  const writable = await access(app.config.dataFolder, constants.W_OK).then(() => true, () => false)
  if (!writable) return { check: 'disk', ok: false, found: `${app.config.dataFolder} is not writable`, mend: 'Give the user that runs Hearth the folder, or choose another with HEARTH_DATA.' }
  const { bavail, bsize } = await statfs(app.config.dataFolder)
  const free = (bavail * bsize) / 2 ** 30
  return { check: 'disk', ok: free > 1, found: `${free.toFixed(1)} GiB free`, mend: 'Make room: below 1 GiB uploads and the database are in danger.' }
}
async function mail(app: App): Promise<Finding> {
  if (!app.config.smtpUrl) return { check: 'mail', ok: true, found: 'no SMTP_URL: letters wait in the owner’s outbox page' }
  const works = await createTransport(app.config.smtpUrl).verify().then(() => '', (error: Error) => error.message)
  return { check: 'mail', ok: works === '', found: works || 'the SMTP server answers', mend: 'Check host, port, name and password in SMTP_URL.' }
}
async function clock(app: App): Promise<Finding> {
  const { rows } = await app.database.pool.query<{ now: Date }>('select clock_timestamp() as now')
  const off = Math.abs((rows[0]?.now.getTime() ?? 0) - Date.now()) / 1000
  return { check: 'clock', ok: off < 5, found: `${off.toFixed(1)} s from the database’s`, mend: 'Switch time synchronisation on (timedatectl set-ntp true).' }
}
async function address(app: App): Promise<Finding> {
  const url = `${app.config.publicUrl}/health/live`
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'manual' }).then((response) => response.status, () => 0)
  return { check: 'address', ok: answer === 200, found: answer === 200 ? `${app.config.publicUrl} answers` : `${url} does not answer (${answer || 'no connection'})`, mend: 'Is the server running, and does PUBLIC_URL lead to it?' }
}
async function limits(app: App): Promise<Finding> {
  const scale = app.config.rateLimitScale
  return { check: 'limits', ok: scale === 1, found: `HEARTH_RATE_LIMIT_SCALE is ${scale}`, mend: 'Leave it away outside of tests.' }
}
