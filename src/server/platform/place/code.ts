/** Two capital letters (ISO 3166-1). */
export type Country = string

/** What a proxy or a database says: two letters; what stands for 'unknown' (XX, ZZ), Tor (T1) and anything else is null. */
export function countryOf(said: unknown): Country | null {
  const word = typeof said === 'string' ? said.trim().toUpperCase() : ''
  return /^[A-Z]{2}$/.test(word) && word !== 'XX' && word !== 'ZZ' ? word : null
}
