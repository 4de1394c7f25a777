import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { invalid } from '#server/platform/errors.ts'
import { workFolder } from './adopt.ts'
import { attachFiles } from './queries-files.ts'
import type { RuleName } from './queries-rules.ts'
import { detachFiles, lockForRule, previewRule, selectForRule, selectRules, writeProgress, writeRule } from './queries-rules.ts'
import { keepFile, nameInStorage } from './store.ts'
import type { MediaId, Variant } from './types.ts'

export const ruleNames: RuleName[] = ['originals', 'avif', 'film', 'sound']
export type { RuleName }
export type MediaRule = { what: RuleName; /** null: off */ months: number | null; running: boolean; /** 0 … 1 */ progress: number; done: number; freed: number; ranAt: string | null }

const page = 50
const monthsBefore = (now: Date, months: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, now.getUTCDate()))
const known = (what: string): RuleName => {
  const found = ruleNames.find((one) => one === what)
  if (!found) throw invalid('badValue')
  return found
}
const inRange = (months: number) => {
  if (!Number.isInteger(months) || months < 1 || months > 1200) throw invalid('monthsRange')
  return months
}

/** What may go from old posts, and how far the last run came. For admins. */
export async function mediaRules(app: App, actor: Account): Promise<MediaRule[]> {
  demandAdmin(actor)
  const rows = new Map((await selectRules(app.database.queries)).map((row) => [row.what, row]))
  return ruleNames.map((what) => {
    const row = rows.get(what)
    return { what, months: row?.months ?? null, running: row ? row.state !== 'idle' : false, progress: row?.total ? Math.min(1, row.done / row.total) : 0, done: row?.done ?? 0, freed: row?.freed ?? 0, ranAt: row?.ran_at?.toISOString() ?? null }
  })
}

/** From now on the rule is applied every night to what is older; null switches it off. What is gone stays gone. */
export async function setMediaRule(app: App, actor: Account, what: string, months: number | null): Promise<void> {
  demandAdmin(actor)
  const name = known(what)
  if (months !== null) inRange(months)
  await app.database.inTransaction(async (tx) => {
    await writeRule(tx, name, months)
    await audit(app, tx, actor, 'media.rule', { kind: 'media', id: name }, { months })
  })
}

/** What the rule would let go now, without doing it. */
export async function tryMediaRule(app: App, actor: Account, what: string, months: number): Promise<{ items: number; files: number; bytes: number }> {
  demandAdmin(actor)
  return previewRule(app.database.queries, known(what), monthsBefore(app.now(), inRange(months)))
}

/** Applies a rule that is on, now, in a job. */
export async function runMediaRule(app: App, actor: Account, what: string): Promise<void> {
  demandAdmin(actor)
  const rule = (await selectRules(app.database.queries)).find((one) => one.what === known(what))
  if (!rule?.months) throw invalid('ruleOff')
  await app.database.inTransaction(async (tx) => {
    await writeProgress(tx, rule.what, { state: 'waiting', done: 0, total: 0, freed: 0, at: null })
    await app.jobs.add(tx, 'applyMediaRule', { what: rule.what }, { key: `media-rule-${rule.what}`, queue: 'media-rules', maxAttempts: 5 })
    await audit(app, tx, actor, 'media.trim', { kind: 'media', id: rule.what }, { months: rule.months })
  })
}

/** Job: every rule that is on, each in a job of its own. */
export async function applyMediaRules(app: App): Promise<void> {
  for (const { what } of (await selectRules(app.database.queries)).filter((one) => one.months !== null)) {
    await app.jobs.add(app.database.queries, 'applyMediaRule', { what }, { key: `media-rule-${what}`, queue: 'media-rules', maxAttempts: 5 })
  }
}

/** Job: lets go of the files that one rule is about. Can be broken off and begun again. */
export async function applyMediaRule(app: App, asked: string): Promise<void> {
  const what = known(asked)
  const months = (await selectRules(app.database.queries)).find((one) => one.what === what)?.months
  if (!months) return
  const on = app.database.queries
  const before = monthsBefore(app.now(), months)
  const { items } = await previewRule(on, what, before)
  const progress = { state: 'running' as 'running' | 'idle', done: 0, total: items, freed: 0, at: null as Date | null }
  await writeProgress(on, what, progress)
  for (let last = '0'; ;) {
    const ids = await selectForRule(on, what, before, last, page)
    for (const id of ids) {
      progress.freed += await trim(app, what, before, id)
      progress.done++
    }
    await writeProgress(on, what, progress)
    if (ids.length < page) break
    last = ids.at(-1)!
  }
  await writeProgress(on, what, { ...progress, state: 'idle', at: app.now() })
}

async function trim(app: App, what: RuleName, before: Date, id: MediaId): Promise<number> {
  const folder = await workFolder(app, 'trim-')
  try {
    return await app.database.inTransaction(async (tx) => {
      const item = await lockForRule(tx, what, before, id)
      if (!item) return 0
      const gone = new Set(item.names)
      let variants = item.variants.filter((one) => !gone.has(one.file))
      const master = variants.find((one) => one.name === 'hls')
      if (what === 'film' && master) {
        const kept = await keepFile(app, await shorterMaster(app, { id, key: '' }, master, gone, folder))
        await attachFiles(tx, id, [{ name: master.file, sha256: kept.sha256 }], app.now())
        variants = variants.map((one) => one === master ? { ...one, bytes: kept.bytes } : one)
      }
      return detachFiles(tx, id, item.names, variants)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The list of lists without those that go, in a file. */
async function shorterMaster(app: App, item: { id: MediaId; key: string }, master: Variant, gone: Set<string>, folder: string): Promise<string> {
  const content = await app.files.read(await nameInStorage(app, item, master.file))
  if (!content) throw new Error('a film without its list')
  const path = join(folder, 'master')
  await writeFile(path, withoutLists(await text(content), gone))
  return path
}

/** An HLS master playlist without the entries that lead to these files: each entry is a line of facts and a line with its address. */
export function withoutLists(master: string, gone: Set<string>): string {
  const lines = master.split('\n')
  return lines.filter((line, at) => !gone.has(line.trim()) && !(line.startsWith('#EXT-X-STREAM-INF') && gone.has(lines[at + 1]?.trim() ?? ''))).join('\n')
}
