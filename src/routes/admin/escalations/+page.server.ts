import { findAccountByUsername } from '#server/domain/accounts/index.ts'
import { legalProfile, writeLegalProfile } from '#server/domain/orders/index.ts'
import { agreeOpening, askOpening, dutiesOf, dutyCountries, extendVault, hardCases, holdVault, noteTold, sealAccount, sealedCategories, vaultItems } from '#server/domain/vault/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { App as HearthApp } from '#server/app.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { app } = locals
  const viewer = staffOf(locals, url)
  const [profile, cases, items] = await Promise.all([legalProfile(app), hardCases(app, viewer), vaultItems(app, viewer)])
  const asked = url.searchParams.get('country') ?? ''
  const country = [asked, ...profile.duties, profile.country].find((one) => dutyCountries.includes(one)) ?? ''
  // What cases are told by: of every country that the owner switched on, each body once.
  const switchedOn = [...new Map(profile.duties.flatMap((one) => dutiesOf(one)).map((duty) => [duty.id, duty])).values()]
  return { country, on: profile.duties, countries: dutyCountries, duties: dutiesOf(country), switchedOn, cases, items, categories: [...sealedCategories], isAdmin: viewer.role !== 'moderator' }
}

type Verb = (app: HearthApp, viewer: Account, field: (name: string) => string) => Promise<unknown>
const act = (done: string, verb: Verb) => async ({ locals, url, request }: RequestEvent) => {
  const viewer = staffOf(locals, url)
  const data = await request.formData()
  return tryForm(data, async () => { await verb(locals.app, viewer, (name) => textOf(data, name)); return { done } })
}

export const actions: Actions = {
  duties: act('duties', async (app, viewer, field) => {
    const { duties } = await legalProfile(app)
    const country = dutyCountries.find((one) => one === field('country'))
    if (!country) throw invalidForm([{ field: 'country', message: 'error.choose' }])
    await writeLegalProfile(app, viewer, { duties: field('on') === 'yes' ? [...new Set([...duties, country])] : duties.filter((one) => one !== country) })
  }),
  told: act('told', (app, viewer, field) => noteTold(app, viewer, { caseId: field('caseId'), duty: field('duty'), reference: field('reference') })),
  ask: act('asked', (app, viewer, field) => askOpening(app, viewer, field('id'), field('reason'))),
  agree: act('agreed', (app, viewer, field) => agreeOpening(app, viewer, field('id'))),
  hold: act('held', (app, viewer, field) => holdVault(app, viewer, field('id'), field('words'))),
  extend: act('held', (app, viewer, field) => app.database.inTransaction((tx) => extendVault(app, tx, viewer, { itemId: field('id'), until: new Date(`${field('until')}T00:00:00Z`), words: field('extendWords') }))),
  package: act('package', async (app, viewer, field) => {
    const reason = field('packageReason')
    if (!reason) throw invalidForm([{ field: 'packageReason', message: 'error.required' }])
    const account = await findAccountByUsername(app, field('username').replace(/^@/, ''))
    if (!account) throw notFound()
    await sealAccount(app, viewer, account.id, { reason, category: field('category') || 'terrorism' })
  }),
}
