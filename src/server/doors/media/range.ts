/** One range of bytes, both ends included. Undefined: send it all (several ranges, other units); 'impossible': outside the file. */
export function readRange(header: string, size: number): { start: number; end: number } | 'impossible' | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim())
  if (!found || (found[1] === '' && found[2] === '')) return undefined
  if (found[1] === '') {
    const last = Number(found[2])
    return last === 0 || size === 0 ? 'impossible' : { start: Math.max(0, size - last), end: size - 1 }
  }
  const start = Number(found[1])
  const end = found[2] === '' ? size - 1 : Math.min(Number(found[2]), size - 1)
  if (found[2] !== '' && Number(found[2]) < start) return undefined
  return start >= size ? 'impossible' : { start, end }
}
