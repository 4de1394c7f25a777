/** Every limit on what members upload, in one place. Sizes in bytes, times in seconds. */
export const limits = {
  bytes: { image: 20 * 1024 * 1024, video: 500 * 1024 * 1024, audio: 100 * 1024 * 1024 },
  pixels: 40_000_000,
  /** longest side of a picture in pixels: what encoders take */
  side: 16_384,
  frames: 300,
  duration: 2 * 60 * 60,
  descriptionCharacters: 1500,
  tagCharacters: 200,
  images: 10,
  unattachedHours: 24,
} as const

export const uploadLimit = { name: 'uploads', most: 200, seconds: 3600 }
