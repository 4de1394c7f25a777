import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { createHash } from 'node:crypto'
import { PassThrough, Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import type { Files } from '../files/index.ts'

/** A pair for encrypted backups: the recipient stays with the server and only locks; the identity opens, and belongs elsewhere. */
export async function makeBackupKey(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

/** Counts and hashes what passes. */
export function measure(): Transform & { facts(): { bytes: number; sha256: string } } {
  const hash = createHash('sha256')
  let bytes = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  return Object.assign(through, { facts: () => ({ bytes, sha256: hash.digest('hex') }) })
}

type Packing = { /** an age recipient, 'age1…'; null: as it is */ recipient: string | null; compress: boolean }

/** Stores a stream under this name, compressed and locked as wanted; facts of what went in, and of what lies there. */
export async function putPacked(place: Files, name: string, source: Readable, { recipient, compress }: Packing): Promise<{ plain: { bytes: number; sha256: string }; stored: { bytes: number; sha256: string } }> {
  const [before, after] = [measure(), measure()]
  const squeezed: Readable = compress ? createZstdCompress() : new PassThrough()
  const first = pipeline(source, before, squeezed as PassThrough)
  const locked = recipient === null ? squeezed : await lock(squeezed, recipient)
  const second = pipeline(locked, after)
  const stored = place.put(name, after)
  try {
    await Promise.all([first, second.catch(() => {}), stored])
  } catch (error) {
    source.destroy()
    throw error
  }
  await second
  return { plain: before.facts(), stored: after.facts() }
}

/** The content as it was before `putPacked`. Breaks off with an error where it was changed since, or the identity isn't the right one. */
export async function readPacked(stored: Readable, { identity, compress }: { identity: string | null; compress: boolean }): Promise<Readable> {
  const open = identity === null ? stored : await unlock(stored, identity)
  if (!compress) return open
  const loose = createZstdDecompress()
  open.once('error', (error) => loose.destroy(error))
  return open.pipe(loose)
}

async function lock(source: Readable, recipient: string): Promise<Readable> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return Readable.fromWeb(await encrypter.encrypt(Readable.toWeb(source) as unknown as globalThis.ReadableStream<Uint8Array>) as unknown as ReadableStream)
}

async function unlock(source: Readable, identity: string): Promise<Readable> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return Readable.fromWeb(await decrypter.decrypt(Readable.toWeb(source) as unknown as globalThis.ReadableStream<Uint8Array>) as unknown as ReadableStream)
}
