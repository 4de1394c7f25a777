import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** Settings that come from the environment, read once at start. What the community decides lives in the database. */
export type Config = {
  host: string
  port: number
  /** where members reach the site, without a slash at the end */
  publicUrl: string
  /** addresses or networks whose X-Forwarded-* headers are believed */
  trustedProxies: string[]
  dataFolder: string
  /** a PostgreSQL 15 or newer; without it the embedded one */
  databaseUrl?: string
  /** streaming replicas of it, for reading */
  replicaUrls: string[]
  /** what carries signals between processes beside the database: redis://, rediss:// or nats:// */
  bus?: string
  /** without it, mail stays in the owner's outbox page */
  smtpUrl?: string
  mailFrom: string
  roles: ('web' | 'worker')[]
  /** multiplies every rate limit; 1 outside tests */
  rateLimitScale: number
  /** a bucket for media, beside the disk; the database says which of them is in use */
  s3?: { endpoint: string; bucket: string; region: string; accessKeyId: string; secretAccessKey: string; pathStyle: boolean }
  /** where backups are written each night: a folder, or 's3:BUCKET' with the S3_… settings; how many days, weeks and months are kept; whom they are locked for */
  backup?: { to: string; keep: { daily: number; weekly: number; monthly: number }; recipient: string | null }
  /** a header in which a trusted proxy says from which country a request comes; a database of addresses in MaxMind's format instead of the one that is shipped */
  country: { header: string | null; database: string | null }
  /** bytes that stay free where the data folder lies: below that, writing stops and reading goes on */
  diskReserve: number
  /** addresses that outbound fetches may reach besides public ones; for tests */
  fetchAllow: string[]
  /** who may read /metrics: this machine always, these networks, whoever sends the token; and a port of its own for it, on `host` */
  metrics: { allow: string[]; token: string | null; port: number | null }
  /** asked once a day whether there is a newer Hearth; null: never */
  updateCheck: string | null
  /** where traces go, by OTLP over HTTP; null: none are made */
  traces: string | null
  logLevel: 'debug' | 'info' | 'warn' | 'error'
}

const list = z.string().default('').transform((text) => text.split(/[\s,]+/).filter(Boolean))
const network = z.string().refine((text) => {
  const [address = '', bits, ...more] = text.split('/')
  const most = { 4: 32, 6: 128 }[isIP(address)] ?? 0
  return most > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
}, 'addresses or networks like 127.0.0.1 or 10.0.0.0/8')
const url = (protocols: string[]) => z.string().refine((text) => { try { return protocols.includes(new URL(text).protocol) } catch { return false } }, `an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`)

const Environment = z.object({
  PORT: z.coerce.number('a port number from 0 to 65535').int('a port number from 0 to 65535').min(0, 'a port number from 0 to 65535').max(65_535, 'a port number from 0 to 65535').default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: url(['http:', 'https:']).optional(),
  TRUSTED_PROXIES: list.pipe(z.array(network)),
  HEARTH_DATA: z.string().default(join(import.meta.dirname, '../../../../data')),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  DATABASE_REPLICA_URLS: list.pipe(z.array(url(['postgres:', 'postgresql:']))),
  HEARTH_BUS: url(['redis:', 'rediss:', 'nats:']).optional(),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  MAIL_FROM: z.string().optional(),
  HEARTH_ROLES: z.string().default('web,worker').transform((text) => text.split(/[\s,]+/).filter(Boolean)).pipe(z.array(z.enum(['web', 'worker'], "'web', 'worker' or 'web,worker'")).min(1, "'web', 'worker' or 'web,worker'")),
  S3_ENDPOINT: url(['http:', 'https:']).optional(),
  S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket: 3 to 63 small letters, digits, points and dashes').optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_PATH_STYLE: z.enum(['true', 'false'], "'true' (https://host/bucket) or 'false' (https://bucket.host)").default('true'),
  HEARTH_BACKUP_TO: z.string().optional(),
  HEARTH_BACKUP_KEEP: z.string().regex(/^\d{1,3},\d{1,3},\d{1,3}$/, "three numbers like 7,4,6: of how many days, weeks and months one is kept").default('7,4,6'),
  HEARTH_BACKUP_RECIPIENT: z.string().regex(/^age1[0-9a-z]{58}$/, "an age recipient, 'age1…' ('hearth backup key' makes one)").optional(),
  HEARTH_COUNTRY_HEADER: z.string().toLowerCase().regex(/^[a-z0-9-]{1,60}$/, "the name of a header, like 'CF-IPCountry'").optional(),
  HEARTH_COUNTRY_DATABASE: z.string().optional(),
  HEARTH_RATE_LIMIT_SCALE: z.coerce.number('a number above 0').positive('a number above 0').default(1),
  HEARTH_DISK_RESERVE: z.coerce.number('a number of megabytes').int('a number of megabytes').min(0, 'a number of megabytes').default(200),
  HEARTH_FETCH_ALLOW: list,
  HEARTH_METRICS_ALLOW: list.pipe(z.array(network)),
  HEARTH_METRICS_TOKEN: z.string().regex(/^\S{16,200}$/, 'a secret of 16 to 200 characters, without spaces').optional(),
  HEARTH_METRICS_PORT: z.coerce.number('a port number from 1 to 65535').int('a port number from 1 to 65535').min(1, 'a port number from 1 to 65535').max(65_535, 'a port number from 1 to 65535').optional(),
  HEARTH_UPDATE_CHECK: url(['http:', 'https:']).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:']).optional(),
  HEARTH_LOG: z.enum(['debug', 'info', 'warn', 'error'], "'debug', 'info', 'warn' or 'error'").default('info'),
})
const wholeBucket = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const

/** The names of all settings. */
export const settingNames = Object.keys(Environment.shape)
/** May hold a password: not shown again. */
const secret = new Set(['DATABASE_URL', 'DATABASE_REPLICA_URLS', 'HEARTH_BUS', 'SMTP_URL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'HEARTH_METRICS_TOKEN'])

export type ShownSetting = { name: string; /** null: not set, and nothing stands in for it */ value: string | null; /** 'environment', 'default', or what the caller calls it */ from: string; secret: boolean }

/** Every setting for people to read: of addresses only the password is hidden, of other secrets everything. `origin` names where some of them come from, instead of the environment. */
export function shownSettings(environment: Record<string, string | undefined>, origin: Record<string, string> = {}): ShownSetting[] {
  return settingNames.map((name) => {
    const given = environment[name]
    const own = Environment.shape[name as keyof typeof Environment.shape].safeParse(undefined)
    if (given === undefined || given === '') return { name, value: own.success && own.data !== undefined && String(own.data) !== '' ? String(own.data) : null, from: 'default', secret: secret.has(name) }
    return { name, value: secret.has(name) ? hidden(given) : given, from: origin[name] ?? 'environment', secret: secret.has(name) }
  })
}

function hidden(value: string): string {
  return value.split(/(\s*,\s*)/).map((part) => {
    try {
      const { protocol, host, pathname } = new URL(part)
      // Names, passwords and parameters stay out: what is left tells where it leads.
      return host ? `${protocol}//${new URL(part).username ? '…@' : ''}${host}${pathname === '/' ? '' : pathname}` : '…'
    } catch {
      return /^\s*,\s*$/.test(part) ? part : '…'
    }
  }).join('')
}

/** Reads the settings. Throws an Error whose message names each wrong one and what it should be. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0])
      return `  ${name}${secret.has(name) ? '' : `=${given[name] ?? ''}`}  should be ${issue.message}`
    })
    throw new Error(`These settings can't be used:\n${lines.join('\n')}`)
  }
  const env = parsed.data
  const absent = wholeBucket.filter((name) => env[name] === undefined)
  if (absent.length && absent.length < wholeBucket.length) throw new Error(`A bucket for media needs these settings too: ${absent.join(', ')}.`)
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env
  const publicUrl = (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, '')
  return {
    host: env.HOST, port: env.PORT, publicUrl, trustedProxies: env.TRUSTED_PROXIES, dataFolder: resolve(env.HEARTH_DATA),
    databaseUrl: env.DATABASE_URL, replicaUrls: env.DATABASE_REPLICA_URLS, bus: env.HEARTH_BUS, smtpUrl: env.SMTP_URL, mailFrom: env.MAIL_FROM ?? `hearth@${mailHost(publicUrl)}`,
    roles: env.HEARTH_ROLES, rateLimitScale: env.HEARTH_RATE_LIMIT_SCALE,
    ...(endpoint && bucket && accessKeyId && secretAccessKey ? { s3: { endpoint, bucket, region: env.S3_REGION, accessKeyId, secretAccessKey, pathStyle: env.S3_PATH_STYLE === 'true' } } : {}),
    ...(env.HEARTH_BACKUP_TO ? { backup: { to: env.HEARTH_BACKUP_TO, keep: keepOf(env.HEARTH_BACKUP_KEEP), recipient: env.HEARTH_BACKUP_RECIPIENT ?? null } } : {}),
    country: { header: env.HEARTH_COUNTRY_HEADER ?? null, database: env.HEARTH_COUNTRY_DATABASE ?? null },
    metrics: { allow: env.HEARTH_METRICS_ALLOW, token: env.HEARTH_METRICS_TOKEN ?? null, port: env.HEARTH_METRICS_PORT ?? null }, updateCheck: env.HEARTH_UPDATE_CHECK ?? null, traces: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    diskReserve: env.HEARTH_DISK_RESERVE * 1024 * 1024, fetchAllow: env.HEARTH_FETCH_ALLOW, logLevel: env.HEARTH_LOG,
  }
}

function keepOf(text: string): { daily: number; weekly: number; monthly: number } {
  const [daily = 7, weekly = 4, monthly = 6] = text.split(',').map(Number)
  return { daily, weekly, monthly }
}

/** The host of addresses made up for this server; a machine without a name of its own has no host that mail programs take. */
function mailHost(publicUrl: string): string {
  const { hostname } = new URL(publicUrl)
  return /[.][a-z]/i.test(hostname) ? hostname : 'localhost.localdomain'
}
