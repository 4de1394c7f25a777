import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { S3mini } from 's3mini'
import { z } from 'zod'
import { parts } from './parts.ts'
import { patience } from './patience.ts'
import { isPath } from './types.ts'
import type { Content, Files, Range, StoredFile } from './types.ts'

export type S3Settings = {
  /** the service, without the bucket: 'https://s3.eu-central-1.amazonaws.com' */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** 'https://host/bucket' rather than 'https://bucket.host' */
  pathStyle: boolean
}
type Tuning = { partBytes?: number; answerMs?: number; firstDelay?: number; restMs?: number; onTrouble?: (error: unknown) => void }

const Status = z.object({ status: z.number() })
const statusOf = (error: unknown) => Status.safeParse(error).data?.status
const Listed = z.object({ Key: z.string(), Size: z.coerce.number(), LastModified: z.coerce.date() })
const Upload = z.object({ Key: z.string().optional(), key: z.string().optional(), UploadId: z.string().optional(), uploadId: z.string().optional(), Initiated: z.coerce.date().optional(), initiated: z.coerce.date().optional() })
const Uploads = z.object({ ListMultipartUploadsResult: z.unknown().optional(), Upload: z.unknown().optional(), upload: z.unknown().optional() })

/** The address of a bucket, in the style its service wants. */
export function bucketAddress(settings: S3Settings): string {
  const url = new URL(settings.endpoint)
  if (settings.pathStyle) url.pathname = `${url.pathname.replace(/\/+$/, '')}/${settings.bucket}`
  else url.hostname = `${settings.bucket}.${url.hostname}`
  return url.toString()
}

/** Files in a bucket that speaks S3. Trouble that may pass is tried again; while the service is away calls fail fast with 'storageAway'. */
export function s3Files(settings: S3Settings, tuning: Tuning = {}): Files {
  const partBytes = tuning.partBytes ?? 8 * 1024 * 1024
  const s3 = new S3mini({
    accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey, endpoint: bucketAddress(settings), region: settings.region,
    fetch: (address, init) => answered(address, init, tuning.answerMs ?? 30_000),
  })
  const { run } = patience({ passing, firstDelay: tuning.firstDelay, restMs: tuning.restMs, onTrouble: tuning.onTrouble })

  const putWhole = (name: string, body: Buffer) => run(async () => { await s3.putObject(name, body as Uint8Array<ArrayBuffer>) })

  async function putMany(name: string, first: Buffer, rest: AsyncGenerator<Buffer>): Promise<number> {
    const uploadId = await run(() => s3.getMultipartUploadId(name))
    try {
      const sent: { partNumber: number; etag: string }[] = []
      let bytes = 0
      const send = async (part: Buffer) => {
        sent.push(await run(() => s3.uploadPart(name, uploadId, part as Uint8Array<ArrayBuffer>, sent.length + 1)))
        bytes += part.length
      }
      await send(first)
      for await (const part of rest) await send(part)
      await run(async () => {
        // Some services say 200 and tell of their failure inside.
        const { etag } = await s3.completeMultipartUpload(name, uploadId, sent)
        if (!etag) throw Object.assign(new Error('the parts could not be put together'), { status: 500 })
      })
      return bytes
    } catch (error) {
      await s3.abortMultipartUpload(name, uploadId).catch(() => {})
      throw error
    }
  }

  async function* entries(prefix: string): AsyncIterable<StoredFile> {
    for (let token: string | undefined; ;) {
      const after = token
      const page = await run(() => s3.listObjectsPaged('/', prefix, 1000, after))
      for (const one of page?.objects ?? []) {
        const found = Listed.parse(one)
        yield { name: found.Key, bytes: found.Size, modified: found.LastModified }
      }
      token = page?.nextContinuationToken
      if (!token) return
    }
  }
  const below = (folder = '') => folder ? `${folder}/` : ''

  async function read(name: string, range?: Range): Promise<Readable | undefined> {
    const response = await run(() => s3.getObjectRaw(name, !range, range?.start, range && range.end + 1).catch((error: unknown) => {
      if (statusOf(error) === 404) return undefined
      throw error
    }))
    // fetch says 'ReadableStream' for the browser's; it is Node's.
    return response && (response.body ? Readable.fromWeb(response.body as ReadableStream) : Readable.from([]))
  }

  return {
    async put(name, content) {
      const pieces = parts(streamOf(content), partBytes)
      const first = await pieces.next()
      const second = first.done ? first : await pieces.next()
      if (second.done) {
        const body = first.done ? Buffer.alloc(0) : first.value
        await putWhole(name, body)
        return { bytes: body.length }
      }
      const rest = async function* () { yield second.value; yield* pieces }
      return { bytes: await putMany(name, first.value as Buffer, rest()) }
    },
    read,
    async stat(name) {
      // The first name that begins with it is the name itself: one question tells size and time.
      const page = await run(() => s3.listObjectsPaged('/', name, 1))
      const found = page?.objects?.[0] && Listed.parse(page.objects[0])
      return found?.Key === name ? { bytes: found.Size, modified: found.LastModified } : undefined
    },
    async remove(name) {
      await run(() => s3.deleteObject(name))
      if (isBlob(name)) return
      for await (const file of entries(below(name))) await run(() => s3.deleteObject(file.name))
    },
    async localPath(name, folder) {
      const content = await read(name)
      if (!content) throw new Error(`${name} is not in the storage`)
      const path = join(folder, `fetched-${basename(name)}`)
      await pipeline(content, createWriteStream(path))
      const stored = await this.stat(name)
      if (stored && stored.bytes !== (await stat(path)).size) throw new Error(`${name} came incomplete`)
      return path
    },
    list: async function* (folder) { for await (const { name } of entries(below(folder))) yield name },
    entries: (folder) => entries(below(folder)),
    async tidy(before) {
      const answer = Uploads.parse(await run(() => s3.listMultipartUploads('/', '').catch((error: unknown) => {
        // Some services keep no such list, and tidy up by themselves.
        if (statusOf(error) === 501 || statusOf(error) === 404) return {}
        throw error
      })))
      const list = answer.Upload ?? answer.upload ?? Uploads.safeParse(answer.ListMultipartUploadsResult).data?.Upload ?? []
      for (const one of Array.isArray(list) ? list : [list]) {
        const { Key, key = Key, UploadId, uploadId = UploadId, Initiated, initiated = Initiated } = Upload.parse(one)
        if (key && uploadId && initiated && initiated < before) await s3.abortMultipartUpload(key, uploadId)
      }
    },
  }
}

const isBlob = (name: string) => name.startsWith('by-hash/') && name.split('/').length === 3

function streamOf(content: Content): AsyncIterable<Buffer> {
  if (Buffer.isBuffer(content)) return Readable.from([content], { objectMode: true })
  return isPath(content) ? createReadStream(content.path) : content
}

/** Nobody there, a slow answer, trouble on their side, or too many questions: asking again makes sense. */
function passing(error: unknown): boolean {
  const status = statusOf(error)
  if (status !== undefined) return (status >= 500 && status !== 501) || status === 429 || status === 408
  const { name, code } = error as { name?: string; code?: unknown }
  return name === 'TypeError' || name === 'TimeoutError' || name === 'S3NetworkError' || typeof code === 'string'
}

/** What a slow line at home sends in a millisecond: 400 kbit/s. */
const slowestBytes = 50

/** Waits `ms` for the first word of an answer, and longer while there is much to send; the answer's body may take its time. */
async function answered(address: Parameters<typeof fetch>[0], init: RequestInit | undefined, ms: number): Promise<Response> {
  const waiting = new AbortController()
  const sending = init?.body instanceof Uint8Array ? init.body.byteLength / slowestBytes : 0
  const timer = setTimeout(() => waiting.abort(new DOMException('the storage does not answer', 'TimeoutError')), ms + sending)
  try {
    return await fetch(address, { ...init, signal: waiting.signal, redirect: 'error' })
  } finally {
    clearTimeout(timer)
  }
}
