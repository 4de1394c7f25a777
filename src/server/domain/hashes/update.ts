import type { App } from '#server/app.ts'
import { audit } from '#server/domain/instance/index.ts'
import { isFetchError } from '#server/platform/fetch/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { askingWith, connectorOf, isConnectorError } from './connectors/index.ts'
import { stagedOf, takeOver } from './import.ts'
import { listSeal } from './lists.ts'
import { indexIfWorthIt } from './near.ts'
import { dropStaged, stageRows } from './queries-entries.ts'
import type { StagedRow } from './queries-entries.ts'
import { insertImport, selectList, setCheckpoint, setState, setTried, takeDue, updateImport } from './queries-lists.ts'
import type { ListRow } from './queries-lists.ts'

const mostProblems = 100

/** Job, every hour: has those lists of other machines fetched that are due. */
export async function updateHashLists(app: App): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    for (const id of await takeDue(tx, app.now())) await app.jobs.add(tx, 'updateHashList', { listId: id }, { key: `hash-list-${id}`, queue: 'hash-lists', maxAttempts: 3, priority: 5 })
  })
}

/**
 * Job: fetches what changed in a list of another machine. Each page is taken over together with the place to go on from, so a
 * broken connection costs nothing that was read. What is withdrawn there is withdrawn here. Trouble is kept with the list, for the page.
 */
export async function updateHashList(app: App, listId: string): Promise<void> {
  const list = isId(listId) ? await selectList(app.database.queries, listId) : undefined
  const connector = list && connectorOf(list.source)
  const secrets = list?.credentials ? (await listSeal(app)).unseal(list.credentials) : null
  if (!list || !connector) return
  if (secrets === null) return setTried(app.database.queries, list.id, app.now(), 'noSecret', '')
  await setState(app.database.queries, list.id, 'running')
  try {
    await fetchPages(app, list, connector.update(askingWith(app), list.settings, JSON.parse(secrets) as Record<string, string>, list.checkpoint))
    await setTried(app.database.queries, list.id, app.now(), null, '')
  } catch (error) {
    const code = isConnectorError(error) ? error.code : isFetchError(error) ? error.code : 'internal'
    // Addresses may hold a token: nothing of them is kept.
    await setTried(app.database.queries, list.id, app.now(), code, isConnectorError(error) ? error.message.slice(0, 200) : '')
    app.log.warn('a hash list could not be fetched', { list: list.id, code })
    if (code === 'internal') throw error
  } finally {
    await indexIfWorthIt(app)
  }
}

async function fetchPages(app: App, list: ListRow, pages: ReturnType<NonNullable<ReturnType<typeof connectorOf>>['update']>): Promise<void> {
  const on = app.database.queries
  const id = app.newId<'import'>()
  const result = { format: list.source, lines: 0, added: 0, changed: 0, withdrawn: 0, refused: 0, problems: [] as { line: number; reason: string }[] }
  const write = (state: 'running' | 'done' | 'failed', error: string | null) => updateImport(on, id, { ...result, state, error, bytes: 0, endedAt: state === 'running' ? null : app.now() })
  await insertImport(on, { id, listId: list.id, actorId: null, format: list.source, totalBytes: null, at: app.now() })
  try {
    let fresh = false
    const take = async (refused: number, replace: boolean, checkpoint: string | null) => {
      const merged = await takeOver(app, 'program', { id, listId: list.id, replace, format: list.source, refused, quiet: true, also: async (tx) => { if (checkpoint) await setCheckpoint(tx, list.id, checkpoint) } })
      for (const what of ['added', 'changed', 'withdrawn'] as const) result[what] += merged[what]
    }
    let last: string | null = null
    for await (const page of pages) {
      fresh ||= page.fresh === true
      const [rows, refused]: [StagedRow[], { line: number; reason: string }[]] = [[], []]
      for (const parsed of page.rows) {
        const staged = stagedOf({ ...parsed, line: parsed.line + result.lines })
        if ('reason' in staged) refused.push(staged)
        else rows.push(staged)
      }
      await stageRows(on, id, rows)
      Object.assign(result, { lines: result.lines + page.rows.length, refused: result.refused + refused.length, problems: [...result.problems, ...refused].slice(0, mostProblems) })
      // Where all is read anew, only the whole of it tells what is gone: it is taken over at the end.
      if (fresh) last = page.checkpoint ?? last
      else await take(refused.length, false, page.checkpoint)
      await write('running', null)
    }
    if (fresh) await take(result.refused, true, last)
    if (result.added + result.changed + result.withdrawn > 0) await app.database.inTransaction((tx) => audit(app, tx, 'program', 'hashes.import', { kind: 'settings', id: list.id }, { format: list.source, added: result.added, changed: result.changed, withdrawn: result.withdrawn, refused: result.refused }))
    await write('done', null)
  } catch (error) {
    await dropStaged(on, id)
    await write('failed', isConnectorError(error) || isFetchError(error) ? error.code : 'internal')
    throw error
  }
}
