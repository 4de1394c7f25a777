/** The limits on what members upload that nobody may change; sizes are settings (allowance.ts). Times in seconds. */
export const limits = {
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
