import type { Readable } from 'node:stream'
import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { categories, demandStaff } from '#server/domain/cases/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { readPacked } from '#server/platform/backup/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { sealedName, vaultFiles, vaultKey } from './place.ts'
import { countOthers, insertOpening, lockItem, lockOpening, selectItem, selectItems, selectOpenings, updateAgreed, updateHold, updateKeep } from './queries.ts'
import type { VaultRow } from './queries.ts'
import type { OpeningId, VaultId, VaultLine } from './types.ts'

const hours = 24
const clean = (text: string, most: number) => text.toWellFormed().replaceAll('\0', '').trim().slice(0, most)

/** What is sealed, the newest first, with its clock and its last openings. Nobody sees what is about themselves. */
export async function vaultItems(app: App, moderator: Account, limit = 100): Promise<VaultLine[]> {
  demandStaff(moderator)
  const rows = await selectItems(app.database.queries, moderator.id, limit)
  const openings = await selectOpenings(app.database.queries, rows.map((row) => row.id))
  const people = await accountViews(app, [...new Set([...rows.flatMap((row) => row.account_id ?? []), ...openings.flatMap((one) => [one.asked_by_id, one.agreed_by_id ?? one.asked_by_id])])])
  return rows.map((row) => ({
    id: row.id, caseId: row.case_id, orderId: row.order_id, account: row.account_id ? people.get(row.account_id) ?? null : null, category: categories.find((one) => one === row.category) ?? 'other', scope: row.scope, state: row.state, error: row.error,
    facts: row.facts, sha256: row.sha256?.toString('hex') ?? null, bytes: Number(row.bytes ?? 0), keepUntil: row.keep_until.toISOString(), extended: row.extended, hold: row.hold, createdAt: row.created_at.toISOString(), destroyedAt: row.destroyed_at?.toISOString() ?? null,
    openings: openings.filter((one) => one.item_id === row.id).map((one) => ({
      id: one.id, askedBy: people.get(one.asked_by_id) ?? null, reason: one.reason, askedAt: one.asked_at.toISOString(), agreedBy: one.agreed_by_id ? people.get(one.agreed_by_id) ?? null : null, alone: one.alone, endsAt: one.ends_at?.toISOString() ?? null,
      mayTake: row.state === 'sealed' && one.asked_by_id === moderator.id && one.ends_at !== null && one.ends_at > app.now(), mayAgree: row.state === 'sealed' && one.asked_by_id !== moderator.id && one.agreed_by_id === null && !one.alone,
    })),
  }))
}

async function sealed(tx: Tx, moderator: Account, id: string): Promise<VaultRow> {
  demandStaff(moderator)
  const item = isId(id) ? await lockItem(tx, id) : undefined
  if (!item || item.account_id === moderator.id) throw notFound()
  if (item.state !== 'sealed') throw conflict('vaultNotSealed')
  return item
}

/** Asks to open it, with a reason. A second person has to agree; where there is nobody else, it opens at once and says so on record. */
export async function askOpening(app: App, moderator: Account, id: VaultId, reason: string): Promise<OpeningId> {
  const words = clean(reason, 1000)
  if (!words) throw invalidForm([{ field: 'reason', message: 'error.required' }])
  const openingId = app.newId<'opening'>()
  await app.database.inTransaction(async (tx) => {
    const item = await sealed(tx, moderator, id)
    const alone = await countOthers(tx, [moderator.id, item.account_id]) === 0
    await insertOpening(tx, { id: openingId, item_id: item.id, asked_by_id: moderator.id, reason: words, asked_at: app.now(), agreed_by_id: null, agreed_at: null, alone, ends_at: alone ? endOf(app) : null })
    await audit(app, tx, moderator, 'vault.ask', { kind: 'vault', id: item.id }, { opening: openingId, case: item.case_id, account: item.account_id, reason: words, ...alone ? { alone } : {} })
  })
  return openingId
}

/** The second person says yes: for a day, for who asked. */
export async function agreeOpening(app: App, moderator: Account, openingId: OpeningId): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const opening = isId(openingId) ? await lockOpening(tx, openingId) : undefined
    if (!opening) throw notFound()
    const item = await sealed(tx, moderator, opening.item_id)
    if (opening.asked_by_id === moderator.id) throw notAllowed('secondIsYou')
    if (opening.agreed_by_id) throw conflict('alreadySo')
    await updateAgreed(tx, { id: opening.id, byId: moderator.id, at: app.now(), endsAt: endOf(app) })
    await audit(app, tx, moderator, 'vault.agree', { kind: 'vault', id: item.id }, { opening: opening.id, case: item.case_id, account: item.account_id, askedBy: opening.asked_by_id })
  })
}

/** The package itself, for who asked and was agreed with; each time on record before the first byte. Breaks off where the file was changed. */
export async function takePackage(app: App, moderator: Account, openingId: OpeningId): Promise<{ name: string; stream: Readable }> {
  const item = await app.database.inTransaction(async (tx) => {
    const opening = isId(openingId) ? await lockOpening(tx, openingId) : undefined
    if (!opening || opening.asked_by_id !== moderator.id) throw notFound()
    if (!opening.ends_at || opening.ends_at <= app.now()) throw notAllowed('vaultNotAgreed')
    const found = await sealed(tx, moderator, opening.item_id)
    await audit(app, tx, moderator, 'vault.open', { kind: 'vault', id: found.id }, { opening: opening.id, case: found.case_id, account: found.account_id })
    return found
  })
  const stored = await vaultFiles(app).read(sealedName(item.id))
  if (!stored) throw notFound()
  return { name: `evidence-${item.id}.zip`, stream: await readPacked(stored, { identity: (await vaultKey(app)).identity, compress: false }) }
}

/** Kept for longer than the law's first term: on an authority's or a court's request. */
export async function extendVault(app: App, tx: Tx, actor: Account, given: { itemId?: string; orderId?: string; until: Date; words: string }): Promise<void> {
  demandAdmin(actor)
  const words = clean(given.words, 1000)
  if (!words) throw invalidForm([{ field: 'words', message: 'error.required' }])
  if (Number.isNaN(given.until.getTime()) || given.until <= app.now()) throw invalidForm([{ field: 'until', message: 'error.dateToCome' }])
  for (const { id, account_id } of await updateKeep(tx, given, given.until)) await audit(app, tx, actor, 'vault.extend', { kind: 'vault', id }, { account: account_id, until: given.until.toISOString(), reason: words })
}

/** A legal hold: nothing ends it but this. Empty words end it. */
export async function holdVault(app: App, actor: Account, id: VaultId, words: string): Promise<void> {
  demandAdmin(actor)
  const hold = clean(words, 500)
  await app.database.inTransaction(async (tx) => {
    const item = isId(id) ? await selectItem(tx, id) : undefined
    if (!item || item.account_id === actor.id || !await updateHold(tx, id, hold)) throw notFound()
    await audit(app, tx, actor, hold ? 'vault.hold' : 'vault.release', { kind: 'vault', id }, { case: item.case_id, account: item.account_id, ...hold ? { reason: hold } : {} })
  })
}

const endOf = (app: App) => new Date(app.now().getTime() + hours * 3_600_000)
