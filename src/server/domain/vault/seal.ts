import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { categoryFacts, demandStaff, selectCase } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { putPacked } from '#server/platform/backup/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { packageOf } from './package.ts'
import { sealedName, vaultFiles, vaultKey } from './place.ts'
import { insertItem, lockItem, selectItem, selectUnwritten, takeEnded, updateFailed, updateForOrder, updateSealed } from './queries.ts'
import type { VaultId } from './types.ts'

const day = 86_400_000
/** Six months (EU 2021/784, Article 6(2)); a year for child-abuse material (18 USC 2258A(h) as changed by the REPORT Act). */
const keepDays = (category: string) => category === 'child_safety' ? 366 : 184
/** What the law treats apart: sealed as soon as somebody acted. */
export const sealedCategories = ['terrorism', 'child_safety', 'intimate_images'] as const

/** Seals what a case holds, in the caller's transaction; a job writes the file. A case is sealed once. */
export async function sealCase(app: App, tx: Tx, given: { caseId: string; orderId?: string | null; byId?: AccountId | null }): Promise<void> {
  const row = await selectCase(tx, given.caseId)
  if (!row) throw notFound()
  const keepUntil = new Date(app.now().getTime() + keepDays(row.category) * day)
  const id = await insertItem(tx, { id: app.newId<'vault'>(), case_id: row.id, order_id: given.orderId ?? null, account_id: row.account_id, category: row.category, scope: 'case', keep_until: keepUntil, by_id: given.byId ?? null, created_at: app.now() })
  if (!id && given.orderId) await updateForOrder(tx, row.id, given.orderId, keepUntil)
  if (id) await app.jobs.add(tx, 'writeVault', { id }, { queue: 'vault' })
}

/** The whole of an account in one package, for a lawful investigation; on record, with the reason. */
export async function sealAccount(app: App, actor: Account, accountId: AccountId, given: { reason: string; category: string; caseId?: string | null }): Promise<VaultId> {
  demandStaff(actor)
  const id = app.newId<'vault'>()
  await app.database.inTransaction(async (tx) => {
    if (accountId === actor.id) throw notFound()
    await insertItem(tx, { id, case_id: null, order_id: null, account_id: accountId, category: given.category, scope: 'account', keep_until: new Date(app.now().getTime() + keepDays(given.category) * day), by_id: actor.id, created_at: app.now() })
    await app.jobs.add(tx, 'writeVault', { id }, { queue: 'vault' })
    await audit(app, tx, actor, 'vault.package', { kind: 'vault', id }, { account: accountId, reason: given.reason.slice(0, 500), ...isId(given.caseId) ? { case: given.caseId } : {} })
  })
  return id
}

/** Event: a case was acted on, or screening shut something away. The hardest kinds are sealed. Safe to run twice. */
export async function sealHard(app: App, caseId: string, quarantined = false): Promise<void> {
  const row = isId(caseId) ? await selectCase(app.database.queries, caseId) : undefined
  if (!row || row.kind === 'practice' || !sealedCategories.some((one) => one === row.category) || categoryFacts(row.category).severity < 4 || !(quarantined || row.outcome === 'acted')) return
  await app.database.inTransaction((tx) => sealCase(app, tx, { caseId: row.id, byId: row.decided_by_id }))
}

/** Job: writes one sealed file. After a crash it is written again from the start. */
export async function writeVault(app: App, id: string, last: boolean): Promise<void> {
  const item = isId(id) ? await selectItem(app.database.queries, id) : undefined
  if (!item || item.state === 'sealed' || item.state === 'destroyed') return
  try {
    const { recipient } = await vaultKey(app)
    const { stream, facts } = packageOf(app, item)
    const { stored } = await putPacked(vaultFiles(app), sealedName(item.id), stream, { recipient, compress: false })
    await app.database.inTransaction(async (tx) => {
      if ((await lockItem(tx, item.id))?.state === 'sealed') return
      await updateSealed(tx, { id: item.id, sha256: Buffer.from(stored.sha256, 'hex'), bytes: stored.bytes, facts, at: app.now() })
      await audit(app, tx, 'program', 'vault.seal', { kind: 'vault', id: item.id }, { case: item.case_id, account: item.account_id, category: item.category, sha256: stored.sha256 })
    })
  } catch (error) {
    if (last) await updateFailed(app.database.queries, id, error instanceof Error ? error.message : String(error))
    throw error
  }
}

/** Job, each hour: what couldn't be written (a full disk, a bucket that didn't answer) is tried again until it is. */
export async function retryVault(app: App): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    for (const id of await selectUnwritten(tx, new Date(app.now().getTime() - 30 * 60_000))) await app.jobs.add(tx, 'writeVault', { id }, { queue: 'vault', key: `writeVault:${id}` })
  })
}

/** Job: what nobody may keep any longer is destroyed, on record. A legal hold or a freeze stops it. */
export async function sweepVault(app: App): Promise<void> {
  const ended = await app.database.inTransaction(async (tx) => {
    const rows = await takeEnded(tx, app.now())
    for (const row of rows) await audit(app, tx, 'program', 'vault.destroy', { kind: 'vault', id: row.id }, { case: row.case_id, category: row.category })
    return rows
  })
  for (const row of ended) await vaultFiles(app).remove(sealedName(row.id))
  if (ended.length === 100) await sweepVault(app)
}
