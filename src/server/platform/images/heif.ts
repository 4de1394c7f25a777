// Runs in a child process only. libheif as WebAssembly: a crafted file can't even leave the module's own memory.
import { readFile } from 'node:fs/promises'
import lib from 'libheif-js/wasm-bundle.js'
import sharp from 'sharp'
import { refuse } from '../child/worker.ts'
import { tiffOf } from './tiff.ts'

const colourSpaceRgb = 1
const chromaOf = { 3: 10, 4: 11 } as const
const interleaved = 10
/** Display P3 in the numbers of ITU-T H.273 */
const primariesP3 = 12
const most = { memory: 1 << 30, profile: 1 << 20 }

/**
 * The main picture of a HEIC or HEIF file, its tiles put together, turned and mirrored as the file says, as a TIFF
 * with the picture's colour profile. Throws imageBroken; tooManyPixels before anything is decoded.
 */
export async function decodeHeif(path: string, pixels: number): Promise<Buffer> {
  const content = await readFile(path)
  /** room for pointers that functions write to: an error (three words) and a result */
  const error = lib._malloc(16)
  const result = error + 12
  const word = (at: number) => lib.HEAPU32[at >> 2]!
  const check = () => { if (word(error) !== 0) throw refuse('imageBroken', textAt(word(error + 8))) }
  const textAt = (at: number) => Buffer.from(lib.HEAPU8.subarray(at, lib.HEAPU8.indexOf(0, at))).toString('latin1').slice(0, 300)
  const input = lib._malloc(content.length)
  if (!input) throw refuse('imageBroken', 'no room')
  lib.HEAPU8.set(content, input)
  const context = lib._heif_context_alloc()
  bound(lib._heif_context_get_security_limits(context), pixels)
  lib._heif_context_read_from_memory(error, context, input, content.length, 0)
  check()
  lib._heif_context_get_primary_image_handle(error, context, result)
  check()
  const handle = word(result)
  if (lib._heif_image_handle_get_width(handle) * lib._heif_image_handle_get_height(handle) > pixels) throw refuse('tooManyPixels')
  const channels = lib._heif_image_handle_has_alpha_channel(handle) ? 4 : 3
  const profile = await profileOf(handle)
  lib._heif_decode_image(error, handle, result, colourSpaceRgb, chromaOf[channels], 0)
  check()
  const image = word(result)
  const width = lib._heif_image_get_width(image, interleaved)
  const height = lib._heif_image_get_height(image, interleaved)
  const plane = lib._heif_image_get_plane_readonly(image, interleaved, result)
  const stride = word(result)
  if (!plane || width < 1 || height < 1) throw refuse('imageBroken', 'no pixels')
  const tiff = tiffOf({ width, height, channels }, profile, (to) => {
    for (let row = 0; row < height; row++) to.set(lib.HEAPU8.subarray(plane + row * stride, plane + row * stride + width * channels), row * width * channels)
  })
  lib._heif_image_release(image)
  lib._heif_image_handle_release(handle)
  lib._heif_context_free(context)
  lib._free(input)
  lib._free(error)
  return tiff

  async function profileOf(handle: number): Promise<Buffer | undefined> {
    const bytes = lib._heif_image_handle_get_raw_color_profile_size(handle)
    if (bytes > 0 && bytes <= most.profile) {
      const to = lib._malloc(bytes)
      lib._heif_image_handle_get_raw_color_profile(error, handle, to)
      const profile = word(error) === 0 ? Buffer.from(lib.HEAPU8.subarray(to, to + bytes)) : undefined
      lib._free(to)
      return profile
    }
    lib._heif_image_handle_get_nclx_color_profile(error, handle, result)
    if (word(error) !== 0) return undefined
    const nclx = word(result)
    const primaries = word(nclx + 4)
    lib._heif_nclx_color_profile_free(nclx)
    return primaries === primariesP3 ? displayP3() : undefined
  }
}

/** The limits of libheif's own for this file: pixels of any one picture in it, memory altogether. */
function bound(limits: number, pixels: number): void {
  const set = (offset: number, value: number) => { lib.HEAPU32.set([value, 0], (limits + offset) >> 2) }
  set(8, pixels) // max_image_size_pixels
  set(40, most.memory) // max_memory_block_size
  set(64, most.memory) // max_total_memory
}

/** A small profile of Display P3, as sharp writes it. */
async function displayP3(): Promise<Buffer | undefined> {
  const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } }).withIccProfile('p3').png().toBuffer()
  return (await sharp(dot).metadata()).icc
}
