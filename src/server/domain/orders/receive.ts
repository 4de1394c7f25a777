import type { App } from '#server/app.ts'
import { addOrderTo } from './add.ts'
import { meantBy } from '#server/domain/moderation/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { hashSecret, isSecret } from '#server/platform/secrets/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { selectOrderByToken, updateOrder } from './queries.ts'
import { readTerritory } from './territory.ts'
import { grounds, orderKinds } from './types.ts'
import type { OrderForm, OrderId } from './types.ts'

export type OrderDraft = Record<'kind' | 'authority' | 'country' | 'contactName' | 'contactEmail' | 'contactPhone' | 'reference' | 'issuedOn' | 'addresses' | 'why' | 'law' | 'languages' | 'redress' | 'quietWhy' | 'territory', string> & { grounds: string[]; quiet: boolean; trap: string }
export type OrderFile = { name: string; mime: string; data: Buffer }
/** With the rest of the form below what a page takes at once. */
const mostFile = 1.5 * 1024 * 1024
const mostAddresses = 100
const perAddress = { name: 'orders', most: 10, seconds: 3600 }
const together = { name: 'ordersAll', most: 60, seconds: 3600 }

/** Takes an order by the template (EU 2021/784, Annex I). The hour begins now. Returns the secret of the authority's page; a letter asks the sender to confirm their address. */
export async function receiveOrder(app: App, draft: OrderDraft, file: OrderFile | null, from: { address: string; locale: 'en' | 'ar' }): Promise<{ token: string; orderId: OrderId }> {
  const form = readForm(app, draft, file)
  await app.limits.use(perAddress, from.address)
  await app.limits.use(together, 'everybody')
  const meant = []
  for (const address of form.addresses) meant.push({ address, ...(await meantBy(app, address)) ?? { accountId: null, postId: null } })
  return addOrderTo(app, { form, items: meant, file, test: false, locale: from.locale, by: 'program' })
}

/** The link that went to the sender was opened: the address is theirs. */
export async function confirmSender(app: App, token: string, secret: string): Promise<void> {
  const row = token.length === 43 ? await selectOrderByToken(app.database.queries, hashSecret(token)) : undefined
  if (!row) throw notFound()
  const hash = row.checks.confirmHash
  if (row.confirmed_at || !hash || secret.length !== 43 || !isSecret(secret, Buffer.from(hash, 'hex'))) return
  await app.database.inTransaction(async (tx) => {
    await updateOrder(tx, row.id, { confirmed_at: app.now() })
    await audit(app, tx, 'program', 'order.senderConfirmed', { kind: 'order', id: row.id })
  })
}

function readForm(app: App, draft: OrderDraft, file: OrderFile | null): OrderForm {
  const problems: FieldProblem[] = []
  const clean = (field: keyof OrderDraft & string, most: number, required = false) => {
    const value = String(draft[field]).toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
    if (required && !value) problems.push({ field, message: 'error.required' })
    if ([...value].length > most) problems.push({ field, message: 'error.tooLong', params: { most } })
    return value
  }
  const kind = orderKinds.find((one) => one === draft.kind)
  if (!kind) problems.push({ field: 'kind', message: 'error.choose' })
  const form = {
    kind: kind ?? 'terrorism', authority: clean('authority', 300, true), country: clean('country', 2, true).toUpperCase(), contactName: clean('contactName', 200), contactEmail: clean('contactEmail', 200, true), contactPhone: clean('contactPhone', 60),
    reference: clean('reference', 200, true), issuedOn: clean('issuedOn', 10), addresses: [...new Set(clean('addresses', 20_000, true).split(/\s+/).filter(Boolean))], grounds: grounds.filter((one) => draft.grounds.includes(one)),
    why: clean('why', 10_000, true), law: clean('law', 500, kind === 'national'), languages: clean('languages', 200), redress: clean('redress', 5000), quiet: draft.quiet, quietWhy: clean('quietWhy', 2000, draft.quiet), territory: [] as string[],
  }
  const territory = kind === 'national' ? readTerritory(clean('territory', 300)) : []
  if (territory === null) problems.push({ field: 'territory', message: 'error.badCountries' })
  else form.territory = kind === 'national' && territory.length === 0 && form.country ? [form.country] : territory
  if (form.country && !/^[A-Z]{2}$/.test(form.country)) problems.push({ field: 'country', message: 'error.badValue' })
  if (form.contactEmail && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.contactEmail)) problems.push({ field: 'contactEmail', message: 'error.badEmail' })
  if (form.issuedOn && !(/^\d{4}-\d{2}-\d{2}$/.test(form.issuedOn) && !Number.isNaN(Date.parse(form.issuedOn)))) problems.push({ field: 'issuedOn', message: 'error.badValue' })
  if (form.addresses.length > mostAddresses) problems.push({ field: 'addresses', message: 'error.tooManyAddresses', params: { most: mostAddresses } })
  if (kind === 'terrorism' && form.grounds.length === 0) problems.push({ field: 'grounds', message: 'error.choose' })
  if (file && file.data.length > mostFile) problems.push({ field: 'file', message: 'error.orderFileTooLarge', params: { most: 1.5 } })
  if (draft.trap) problems.push({ field: 'why', message: 'error.badValue' })
  if (problems.length) throw invalidForm(problems)
  return form
}
