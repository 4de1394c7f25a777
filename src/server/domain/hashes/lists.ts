import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { conflict, invalidForm, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { openSeal } from '#server/platform/seal/index.ts'
import type { Seal } from '#server/platform/seal/index.ts'
import { connectionOf } from './connectors/index.ts'
import { defaultsOf } from './defaults.ts'
import { insertList } from './queries-entries.ts'
import { deleteList, selectList, setConnection, setState, updateList } from './queries-lists.ts'
import type { ListRow } from './queries-lists.ts'
import { hashActions, listCategories, opinions, sources } from './types.ts'
import type { HashList, ListId } from './types.ts'

type Actor = Parameters<typeof demandAdmin>[0]

/** Makes an empty list that answers as its category does. On record. Problems name `name`, `category`, `source`. */
export async function createList(app: App, actor: Actor, draft: { name: string; category: string; source?: string }): Promise<ListId> {
  demandAdmin(actor)
  const problems: FieldProblem[] = []
  const name = draft.name.trim().slice(0, 100)
  const category = listCategories.find((one) => one === draft.category && one !== 'test')
  const source = sources.find((one) => one === (draft.source ?? 'file') && one !== 'own' && one !== 'test')
  if (!name) problems.push({ field: 'name', message: 'error.required' })
  if (!category) problems.push({ field: 'category', message: 'error.badValue' })
  if (!source) problems.push({ field: 'source', message: 'error.badValue' })
  if (!category || !source || problems.length) throw invalidForm(problems)
  return app.database.inTransaction(async (tx) => {
    const id = await insertList(tx, { ...defaultsOf(category), id: app.newId<'hash list'>(), name, source, category }, app.now())
    await audit(app, tx, actor, 'hashes.list_add', { kind: 'settings', id }, { name, category, source })
    return id
  })
}

export type ListChange = Partial<Record<'name' | 'enabled' | 'enabledShare' | 'severity' | 'opinion' | 'action' | 'actionMiddle' | 'actionFar' | 'near' | 'middle' | 'distance' | 'frameShare' | 'everyHours', string>>

/** Changes how a list answers; what isn't given stays. On record. Problems name the field. Matches that were found keep the answer they got. */
export async function changeList(app: App, actor: Actor, id: string, change: ListChange): Promise<void> {
  demandAdmin(actor)
  const row = await known(app, id)
  const problems: FieldProblem[] = []
  const bad = (field: string) => { problems.push({ field, message: 'error.badValue' }) }
  const number = (field: keyof ListChange, now: number, least: number, most: number) => {
    const text = change[field]?.trim()
    if (text === undefined) return now
    const value = Number(text)
    if (text === '' || !Number.isFinite(value) || value < least || value > most) bad(field)
    return value
  }
  const one = <Value extends string>(field: keyof ListChange, now: Value, all: readonly Value[]) => {
    const found = change[field] === undefined ? now : all.find((value) => value === change[field])
    if (!found) bad(field)
    return found ?? now
  }
  const next: HashList = {
    id: row.id, source: row.source, category: row.category, name: (change.name ?? row.name).trim().slice(0, 100), enabled: change.enabled === undefined ? row.enabled : change.enabled === 'true',
    enabledShare: number('enabledShare', row.enabled_share, 0, 1), severity: Math.round(number('severity', row.severity, 0, 4)), opinion: one('opinion', row.opinion, opinions),
    action: one('action', row.action, hashActions), actionMiddle: one('actionMiddle', row.action_middle, hashActions), actionFar: one('actionFar', row.action_far, hashActions),
    near: Math.round(number('near', row.near, 0, 31)), middle: Math.round(number('middle', row.middle, 0, 31)), distance: Math.round(number('distance', row.distance, 0, 31)), frameShare: number('frameShare', row.frame_share, 0.05, 1),
  }
  const everyHours = Math.round(number('everyHours', row.every_hours, 1, 720))
  if (!next.name) problems.push({ field: 'name', message: 'error.required' })
  if (next.near > next.middle) bad('middle')
  if (problems.length) throw invalidForm(problems)
  await app.database.inTransaction(async (tx) => {
    if (!(await updateList(tx, next, everyHours))) throw notFound()
    await audit(app, tx, actor, 'hashes.list_change', { kind: 'settings', id: row.id }, { name: next.name, enabled: next.enabled, action: `${next.action} ${next.actionMiddle} ${next.actionFar}`, distance: `${next.near} ${next.middle} ${next.distance}` })
  })
}

/** Takes a list and all of its entries away, on record. The community's own lists stay: switch them off instead. */
export async function removeList(app: App, actor: Actor, id: string): Promise<void> {
  demandAdmin(actor)
  const row = await known(app, id)
  await app.database.inTransaction(async (tx) => {
    if (!(await deleteList(tx, row.id))) throw conflict('listStays')
    await audit(app, tx, actor, 'hashes.list_remove', { kind: 'settings', id: row.id }, { name: row.name })
  })
}

/** Keeps how another machine is asked; secrets are sealed and never shown again. An empty secret keeps the one that is there. Problems name the fields. On record. */
export async function connectList(app: App, actor: Actor, id: string, fields: Record<string, string>): Promise<void> {
  demandAdmin(actor)
  const row = await known(app, id)
  const before = row.credentials ? JSON.parse((await listSeal(app)).unseal(row.credentials) ?? '{}') as Record<string, string> : {}
  const { settings, secrets, problems } = connectionOf(row.source, fields, before)
  if (problems.length) throw invalidForm(problems)
  const sealed = (await listSeal(app)).seal(JSON.stringify(secrets))
  await app.database.inTransaction(async (tx) => {
    await setConnection(tx, row.id, settings, sealed)
    await audit(app, tx, actor, 'hashes.connect', { kind: 'settings', id: row.id }, { source: row.source })
    await askFor(app, tx, row.id)
  })
}

/** Has a list fetched now, in a job. */
export async function updateListNow(app: App, actor: Actor, id: string): Promise<void> {
  demandAdmin(actor)
  const row = await known(app, id)
  if (!row.credentials) throw conflict('notConnected')
  await app.database.inTransaction(async (tx) => {
    await askFor(app, tx, row.id)
    await audit(app, tx, actor, 'hashes.update', { kind: 'settings', id: row.id })
  })
}

async function askFor(app: App, tx: Parameters<typeof setState>[0], id: ListId): Promise<void> {
  await setState(tx, id, 'waiting')
  await app.jobs.add(tx, 'updateHashList', { listId: id }, { key: `hash-list-${id}`, queue: 'hash-lists', maxAttempts: 3, priority: 5 })
}

export async function known(app: App, id: string): Promise<ListRow> {
  const row = isId(id) ? await selectList(app.database.queries, id) : undefined
  if (!row) throw notFound()
  return row
}

/** Seals what other machines are asked with: nobody should find it in a copy of the database. */
export async function listSeal(app: App): Promise<Seal> {
  const key = 'hashes.seal'
  const found = app.caches.get(key) as Promise<Seal> | undefined
  if (found) return found
  const made = openSeal(join(app.config.dataFolder, 'keys', 'hash-lists'))
  app.caches.set(key, made)
  made.catch(() => app.caches.delete(key))
  return made
}
