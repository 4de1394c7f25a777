import { AsyncLocalStorage } from 'node:async_hooks'
import type { Country } from './code.ts'

/** From where what is being asked comes: its country, for laws that hold in some only, and its address. */
export type Place = {
  /** Everything that happens in `work` is asked from there. `find` runs when somebody wants to know, once. */
  from<Result>(find: () => Country | null, work: () => Result, address?: string): Result
  /** For what loses where it came from on its way (reading a body from a socket): does the work as if asked from here. */
  keep(): <Result>(work: () => Result) => Result
  /** Null: nobody reads (a job), or it isn't known. */
  country(): Country | null
  /** The network address; null where nobody asked over the network. */
  address(): string | null
}

export function openPlace(): Place {
  const here = new AsyncLocalStorage<{ country: () => Country | null; address: string | null }>()
  return {
    from(find, work, address) {
      let found: Country | null | undefined
      return here.run({ country: () => found === undefined ? found = find() : found, address: address ?? null }, work)
    },
    keep() {
      const store = here.getStore()
      return (work) => store ? here.run(store, work) : work()
    },
    country: () => here.getStore()?.country() ?? null,
    address: () => here.getStore()?.address ?? null,
  }
}

export { countryOf } from './code.ts'
export type { Country } from './code.ts'
export { openCountries } from './countries.ts'
export type { Countries } from './countries.ts'
