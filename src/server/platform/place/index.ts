import { AsyncLocalStorage } from 'node:async_hooks'
import type { Country } from './code.ts'

/** From which country what is being asked is read: for laws that hold in some only. */
export type Place = {
  /** Everything that happens in `work` is asked from there. `find` runs when somebody wants to know, once. */
  from<Result>(find: () => Country | null, work: () => Result): Result
  /** For what loses where it came from on its way (reading a body from a socket): does the work as if asked from here. */
  keep(): <Result>(work: () => Result) => Result
  /** Null: nobody reads (a job), or it isn't known. */
  country(): Country | null
}

export function openPlace(): Place {
  const here = new AsyncLocalStorage<() => Country | null>()
  return {
    from(find, work) {
      let found: Country | null | undefined
      return here.run(() => found === undefined ? found = find() : found, work)
    },
    keep() {
      const store = here.getStore()
      return (work) => store ? here.run(store, work) : work()
    },
    country: () => here.getStore()?.() ?? null,
  }
}

export { countryOf } from './code.ts'
export type { Country } from './code.ts'
export { openCountries } from './countries.ts'
export type { Countries } from './countries.ts'
