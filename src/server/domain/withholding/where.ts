import type { App } from '#server/app.ts'
import type { Keeper } from '#server/platform/changes/index.ts'
import { selectAccountsIn, selectCountries, selectCountriesOfFile, selectCountriesOfPost, selectOf, selectWhy } from './queries.ts'
import type { Why, Withheld } from './types.ts'

/**
 * From which country is read, as far as it makes a difference: null where nothing at all is withheld there. So what is kept ready
 * differs by country only while there is a reason, and costs nothing otherwise.
 */
export async function countryHere(app: App): Promise<string | null> {
  const some = await countries(app)
  if (some.size === 0) return null
  const country = app.place.country()
  return country !== null && some.has(country) ? country : null
}

/** Countries in which something is withheld: remembered until anything about it changes, in every process. */
async function countries(app: App): Promise<ReadonlySet<string>> {
  const keeper = app.caches.get('withholding') as Keeper<ReadonlySet<string>> | undefined ?? app.changes.keeper<ReadonlySet<string>>(100_000)
  app.caches.set('withholding', keeper)
  const known = keeper.get('countries', 0)
  if (known) return known
  const since = keeper.mark()
  const found = new Set(await app.database.fresh(() => selectCountries(app.database.queries)))
  keeper.keep('countries', found, { words: new Set(), until: Infinity }, { bytes: 1000, since })
  return found
}

/** Which of these accounts a reader from there doesn't see. */
export async function withheldAccounts(app: App, ids: string[]): Promise<Set<string>> {
  const country = ids.length ? await countryHere(app) : null
  return new Set(country === null ? [] : await selectAccountsIn(app.database.queries, ids, country))
}

/** Why whoever reads doesn't see this; null where it isn't withheld from them, or they must not be told. */
export async function whyNot(app: App, subject: { postId: string } | { accountId: string }): Promise<Why | null> {
  const country = await countryHere(app)
  const why = country === null ? undefined : await selectWhy(app.database.queries, subject, country, app.now())
  return why ? { ...why, authority: why.authority || 'none', reference: why.reference || 'none' } : null
}

/** In which countries nobody may be told of a post. */
export async function countriesOfPost(app: App, postId: string): Promise<ReadonlySet<string>> {
  return (await countries(app)).size === 0 ? none : new Set(await selectCountriesOfPost(app.database.queries, postId))
}

/** In which countries a file isn't shown. */
export async function countriesOfFile(app: App, file: { accountId: string; postId: string | null }): Promise<ReadonlySet<string>> {
  return (await countries(app)).size === 0 ? none : new Set(await selectCountriesOfFile(app.database.queries, file))
}

/** What of an account is withheld, and where: for those who moderate. */
export const withheldOf = (app: App, accountId: string): Promise<Withheld[]> => selectOf(app.database.queries, accountId)

const none: ReadonlySet<string> = new Set()
