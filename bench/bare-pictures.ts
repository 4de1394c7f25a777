import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** What somebody would write who needs a picture's variants from sharp: decoded once, the smaller ones from the largest, into a new folder. */
export async function barePictures(input: string, folder: string): Promise<void> {
  const { data, info } = await sharp(input).autoOrient().resize({ width: 2048, withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true })
  await mkdir(folder)
  for (const width of [...[320, 640, 1280].filter((one) => one < info.width), info.width]) {
    const open = () => sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } }).resize({ width })
    await open().webp({ quality: 82, effort: 2 }).toFile(join(folder, `${width}.webp`))
    await open().avif({ quality: 55, effort: 1, chromaSubsampling: '4:2:0' }).toFile(join(folder, `${width}.avif`))
  }
}
