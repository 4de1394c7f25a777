import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig, settingNames, shownSettings } from './index.ts'

test('the README lists every setting, and no other', async () => {
  const readme = await readFile('README.md', 'utf8')
  const listed = [...readme.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map((match) => match[1])
  expect(listed.toSorted()).toEqual(settingNames.toSorted())
})

test('without any setting, Hearth is for this machine alone', () => {
  const config = readConfig({})
  expect(config).toMatchObject({ host: '127.0.0.1', port: 3000, publicUrl: 'http://localhost:3000', roles: ['web', 'worker'], rateLimitScale: 1, trustedProxies: [] })
  expect(config.dataFolder).toBe(resolve('data'))
})

test.each([
  ['PORT', '70000', 'a port number from 0 to 65535'],
  ['PORT', 'three', 'a port number from 0 to 65535'],
  ['PUBLIC_URL', 'example.org', 'http://'],
  ['DATABASE_URL', 'mysql://x', 'postgres://'],
  ['SMTP_URL', 'mail.example.org', 'smtp://'],
  ['HEARTH_ROLES', 'web,cook', "'web', 'worker' or 'web,worker'"],
  ['HEARTH_RATE_LIMIT_SCALE', '0', 'a number above 0'],
  ['TRUSTED_PROXIES', '10.0.0.0/99', 'addresses or networks'],
  ['TRUSTED_PROXIES', 'localhost', 'addresses or networks'],
])('%s=%s is refused, with the name and what it should be', (name, value, should) => {
  expect(() => readConfig({ [name]: value })).toThrow(name)
  expect(() => readConfig({ [name]: value })).toThrow(should)
})

test('passwords in addresses are not repeated in the complaint', () => {
  expect(() => readConfig({ DATABASE_URL: 'mysql://hearth:secret@db/x' })).not.toThrow('secret')
})

test('what is shown of the settings tells where each comes from, and no secret', () => {
  const shown = shownSettings({ PORT: '4000', DATABASE_URL: 'postgres://hearth:hush@db.example:5432/town?password=hush2', S3_SECRET_ACCESS_KEY: 'hush', SMTP_URL: 'smtps://me:hush@mail.example', HEARTH_METRICS_TOKEN: 'hush-hush-hush-hush', HEARTH_DATA: '/data' }, { HEARTH_DATA: '--data' })
  const of = (name: string) => { const { value, from } = shown.find((one) => one.name === name)!; return [value, from] }
  expect([of('PORT'), of('HOST'), of('DATABASE_URL'), of('S3_SECRET_ACCESS_KEY'), of('SMTP_URL'), of('HEARTH_DATA'), of('HEARTH_METRICS_TOKEN')]).toEqual([['4000', 'environment'], ['127.0.0.1', 'default'], ['postgres://…@db.example:5432/town', 'environment'], ['…', 'environment'], ['smtps://…@mail.example', 'environment'], ['/data', '--data'], ['…', 'environment']])
  expect(shown.map((one) => one.name)).toEqual(settingNames)
  expect(JSON.stringify(shown)).not.toContain('hush')
})

const bucket = { S3_ENDPOINT: 'https://s3.example.org', S3_BUCKET: 'hearth-media', S3_ACCESS_KEY_ID: 'key', S3_SECRET_ACCESS_KEY: 'hush' }
test('a bucket is named in full, or what is missing is told', () => {
  expect(readConfig(bucket).s3).toEqual({ endpoint: 'https://s3.example.org', bucket: 'hearth-media', region: 'us-east-1', accessKeyId: 'key', secretAccessKey: 'hush', pathStyle: true })
  expect(readConfig({}).s3).toBeUndefined()
  expect(() => readConfig({ ...bucket, S3_SECRET_ACCESS_KEY: '', S3_ENDPOINT: undefined })).toThrow('S3_ENDPOINT, S3_SECRET_ACCESS_KEY')
  expect(() => readConfig({ ...bucket, S3_BUCKET: 'Not A Bucket' })).toThrow('the name of a bucket')
})
