import { fold } from './fold.ts'

const whole = /^[\p{L}\p{M}\p{N}_\u200c]{1,80}$/u

/** A tag as it is compared (`name`) and as it was written. Null when it isn't one: it needs a letter and no spaces. */
export function readTag(written: string): { name: string; displayName: string } | null {
  const displayName = written.toWellFormed().trim().replace(/^[#＃]/u, '').normalize('NFC')
  if (!whole.test(displayName) || !/\p{L}/u.test(displayName)) return null
  const name = fold(displayName).slice(0, 100)
  return name ? { name, displayName } : null
}
