export type * from './types.ts'
export { accountWithheldIn, withheldIn } from './queries.ts'
export { countriesOfFile, countriesOfPost, countryHere, withheldAccounts, withheldOf, whyNot } from './where.ts'
export { quietAbout, showAgain, withhold } from './withhold.ts'
