import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBucket } from '../../../../tests/bucket.ts'
import type { Bucket } from '../../../../tests/bucket.ts'
import { signatureFits } from '../../../../tests/signature.ts'
import { bucketAddress, s3Files } from './s3.ts'
import { localFiles } from './local.ts'
import { storagePlaces } from './places.ts'
import type { Files } from './types.ts'

let folder: string
let bucket: Bucket
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-files-'))
  bucket = await openBucket()
})
afterAll(async () => {
  await bucket.close()
  await rm(folder, { recursive: true, force: true })
})

const collect = async <One>(from: AsyncIterable<One>) => { const all: One[] = []; for await (const one of from) all.push(one); return all }
/** In uneven pieces, as a network brings them, without saying how much is to come. */
const stream = (bytes: Buffer, piece = 70_001) => Readable.from((function* () { for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece) })(), { objectMode: false })
const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const breaking = () => Readable.from((async function* () { yield Buffer.alloc(6 * 1024 * 1024); throw new Error('the phone went away') })(), { objectMode: false })

const kinds: [string, () => Files][] = [
  ['the disk', () => localFiles(join(folder, 'disk'))],
  ['a bucket', () => s3Files(bucket.settings, { partBytes: 5 * 1024 * 1024 })],
  ['both, the bucket being home', () => storagePlaces({ disk: localFiles(join(folder, 'both')), s3: s3Files({ ...bucket.settings, bucket: bucket.other }, { partBytes: 5 * 1024 * 1024 }) }, async () => 's3')],
]
describe.each(kinds)('%s', (_name, open) => {
  const name = (text: string) => `by-hash/ab/${text}`
  let files: Files
  beforeAll(() => { files = open() })

  test('gives back what was put in: bytes, a stream of unknown length, a file, nothing at all', async () => {
    const small = randomBytes(1000)
    expect(await files.put(name('small'), small)).toEqual({ bytes: 1000 })
    expect(await buffer((await files.read(name('small')))!)).toEqual(small)
    const large = randomBytes(12_345_678)
    expect(await files.put(name('large'), stream(large))).toEqual({ bytes: large.length })
    expect(sum(await buffer((await files.read(name('large')))!))).toBe(sum(large))
    const path = join(folder, randomBytes(4).toString('hex'))
    await writeFile(path, small)
    expect(await files.put(name('file'), { path })).toEqual({ bytes: 1000 })
    expect(await files.put(name('file'), { path })).toEqual({ bytes: 1000 })
    expect(await files.put(name('empty'), stream(Buffer.alloc(0)))).toEqual({ bytes: 0 })
    expect(await files.stat(name('empty'))).toMatchObject({ bytes: 0 })
    expect((await collect(files.list())).sort()).toEqual(['empty', 'file', 'large', 'small'].map(name))
  })

  test('gives a part, both ends included', async () => {
    const bytes = randomBytes(300_000)
    await files.put(name('part'), bytes)
    expect(await buffer((await files.read(name('part'), { start: 0, end: 1 }))!)).toEqual(bytes.subarray(0, 2))
    expect(await buffer((await files.read(name('part'), { start: 7, end: 7 }))!)).toEqual(bytes.subarray(7, 8))
    expect(await buffer((await files.read(name('part'), { start: 100_000, end: 299_999 }))!)).toEqual(bytes.subarray(100_000))
  })

  test('knows size and time, and what it does not have', async () => {
    const { bytes, modified } = (await files.stat(name('small')))!
    expect(bytes).toBe(1000)
    expect(Math.abs(modified.getTime() - Date.now())).toBeLessThan(60_000)
    expect(await files.stat(name('smal'))).toBeUndefined()
    expect(await files.read(name('nothing'))).toBeUndefined()
    expect((await collect(files.entries('by-hash/ab'))).find((one) => one.name === name('large'))).toMatchObject({ bytes: 12_345_678, modified: expect.any(Date) })
  })

  test('what breaks off half-way is not there', async () => {
    await expect(files.put(name('broken'), breaking())).rejects.toThrow('the phone went away')
    expect(await files.stat(name('broken'))).toBeUndefined()
    await files.tidy(new Date(Date.now() + 60_000))
  })

  test('lends a path to programs', async () => {
    const path = await files.localPath(name('small'), await mkdtemp(join(folder, 'work-')))
    expect(await readFile(path)).toEqual(await buffer((await files.read(name('small')))!))
  })

  test('removes a file, and what is not there', async () => {
    await files.remove(name('small'))
    await files.remove(name('small'))
    expect(await files.stat(name('small'))).toBeUndefined()
    expect(await files.stat(name('part'))).toBeDefined()
  })
})

test('a name can’t leave its folder', async () => {
  await expect(localFiles(folder).put('../outside', Buffer.from('x'))).rejects.toThrow('left its folder')
})

test('a stray service is asked again, and left alone for a while when it stays away', async () => {
  const answers: number[] = []
  let asked = 0
  const server = createServer((_request, response) => { asked++; response.writeHead(answers.shift() ?? 500).end() })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const files = s3Files({ ...bucket.settings, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, { firstDelay: 1, restMs: 60_000 })
  answers.push(503, 500, 200)
  expect(await files.put('a', Buffer.from('x'))).toEqual({ bytes: 1 })
  expect(asked).toBe(3)
  for (let time = 0; time < 3; time++) await expect(files.read('a')).rejects.toMatchObject({ code: 'storageAway', status: 503 })
  const before = asked
  await expect(files.read('a')).rejects.toMatchObject({ code: 'storageAway' })
  expect(asked).toBe(before)
  await new Promise((done) => server.close(done))
})

test('a service that says nothing is not waited for', async () => {
  const server = createServer(() => {})
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const files = s3Files({ ...bucket.settings, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, { answerMs: 50, firstDelay: 1 })
  await expect(files.read('a')).rejects.toMatchObject({ code: 'storageAway' })
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

test('wrong keys are told as such, not tried again', async () => {
  await expect(s3Files({ ...bucket.settings, accessKeyId: 'wrong' }).put('a', Buffer.from('x'))).rejects.toMatchObject({ status: 403 })
})

test('every request is signed as the specification says', async () => {
  const found: [string, boolean, boolean][] = []
  const server = createServer((request, response) => {
    found.push([`${request.method} ${new URL(request.url!, 'http://x').search.replace(/=.*/, '')}`, signatureFits(request, 'a secret'), signatureFits(request, 'another')])
    request.resume().on('end', () => {
      if (request.method === 'POST' && request.url!.includes('uploads')) response.end('<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>')
      else if (request.method === 'POST') response.end('<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>')
      else if (request.url!.includes('list-type')) response.end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>')
      else response.writeHead(request.method === 'DELETE' ? 204 : 200, { etag: '"e"' }).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const files = s3Files({ ...bucket.settings, secretAccessKey: 'a secret', endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, { partBytes: 1000 })
  await files.put('by-hash/ab/one', Buffer.from('x'))
  await files.put('by-hash/ab/two', stream(Buffer.alloc(1500), 700))
  await files.read('by-hash/ab/one', { start: 1, end: 2 })
  await files.stat('by-hash/ab/one')
  await files.remove('by-hash/ab/one')
  expect(found).toEqual(['PUT ', 'POST ?uploads', 'PUT ?partNumber', 'PUT ?partNumber', 'POST ?uploadId', 'GET ', 'GET ?list-type', 'DELETE '].map((what) => [what, true, false]))
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

test('the bucket’s address is what its service wants', () => {
  expect(bucketAddress({ ...bucket.settings, endpoint: 'https://s3.example.org/', bucket: 'hearth', pathStyle: true })).toBe('https://s3.example.org/hearth')
  expect(bucketAddress({ ...bucket.settings, endpoint: 'https://s3.example.org', bucket: 'hearth', pathStyle: false })).toBe('https://hearth.s3.example.org/')
})
