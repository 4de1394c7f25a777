import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export type Seal = {
  seal(text: string): Buffer
  /** null for what was sealed with another key, or changed since */
  unseal(sealed: Buffer): string | null
  /** the same for what isn't text */
  sealBytes(data: Buffer): Buffer
  unsealBytes(sealed: Buffer): Buffer | null
}

/**
 * Secrets that must be read again, under a key in a file of its own (AES-256-GCM): whoever has only the database, or a copy
 * of it, can't read them. The file is made at the first use, for its owner alone; without it old secrets are lost.
 */
export async function openSeal(path: string): Promise<Seal> {
  const key = await keyOf(path)
  const seal: Seal = {
    seal: (text) => seal.sealBytes(Buffer.from(text, 'utf8')),
    unseal: (sealed) => seal.unsealBytes(sealed)?.toString('utf8') ?? null,
    sealBytes(data) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(data), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    unsealBytes(sealed) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(12, 28))
        return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
      } catch {
        return null
      }
    },
  }
  return seal
}

/** A short mark by which a text is known again and from which it can't be found without the key, which lies in a file of its own (HMAC-SHA256, twelve hex digits). */
export async function openMark(path: string): Promise<(text: string) => string> {
  const key = await keyOf(path)
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 12)
}

async function keyOf(path: string): Promise<Buffer> {
  return readKey(path).catch(async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await makeKey(path)
    return readKey(path)
  })
}

async function readKey(path: string): Promise<Buffer> {
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64url')
  if (key.length !== 32) throw new Error(`${path} holds no key`)
  return key
}

/** Another process may make it at the same moment: then its key is taken. */
async function makeKey(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
}
