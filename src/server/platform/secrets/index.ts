import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, for links, cookies and tokens. */
export const newSecret = () => randomBytes(32).toString('base64url')
/** How a secret is stored: it has full entropy, so a fast hash is right. */
export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest()
/** Is it the secret of this hash? Takes the same time for any answer. */
export const isSecret = (secret: string, hash: Buffer) => timingSafeEqual(hashSecret(secret), hash)
