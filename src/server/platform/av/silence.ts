import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes a tenth of a second of silence as a WAV file; its path. */
export async function silence(folder: string): Promise<string> {
  const samples = 4410
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples * 2, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(44_100, 24)
  head.writeUInt32LE(88_200, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples * 2, 40)
  const path = join(folder, 'silence.wav')
  await writeFile(path, Buffer.concat([head, Buffer.alloc(samples * 2)]))
  return path
}
