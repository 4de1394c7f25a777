import type { App } from '#server/app.ts'
import { findAccount, findAccountByUsername } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { createFilter } from '#server/domain/filters/index.ts'
import { addToList, createList, listsOf } from '#server/domain/lists/index.ts'
import { bookmarkPost } from '#server/domain/posts/index.ts'
import { block, follow, mute } from '#server/domain/relationships/index.ts'
import { isHearthError, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { noteDone, selectImport, selectNext } from './queries.ts'
import type { ImportKind } from './types.ts'

// Follows, mutes and blocks have one pace with what is pressed by hand: room is left for that.
const batch = 80
const pause: Partial<Record<ImportKind, number>> = { following: 300, muted: 300, blocked: 300 } // seconds

/** Job: the next eighty lines of an import, each as if the member had pressed it; then the next job. What waits for its pace goes on later. Safe to run twice. */
export async function runImport(app: App, id: string): Promise<void> {
  const row = isId(id) ? await selectImport(app.database.queries, id) : undefined
  if (!row || row.finished_at) return
  const viewer = await findAccount(app, row.account_id)
  if (!viewer || (viewer.state !== 'active' && viewer.state !== 'limited')) return
  const found: number[] = []
  const missed: { position: number; problem: string }[] = []
  let wait = pause[row.kind] ?? 0
  for (const line of await selectNext(app.database.queries, row.id, batch)) {
    try {
      await one(app, viewer, row.kind, line.cells)
      found.push(line.position)
    } catch (error) {
      if (!isHearthError(error)) throw error
      if (error.kind === 'tooMany') { wait = Math.max(wait, error.retryAfter ?? 60); break }
      missed.push({ position: line.position, problem: error.problems[0]?.message.replace(/^error\./, '') ?? error.code })
    }
  }
  await app.database.inTransaction(async (tx) => {
    if (await noteDone(tx, row.id, found, missed, app.now())) return
    await app.jobs.add(tx, 'runImport', { id: row.id, from: row.done + found.length + missed.length }, wait ? { runAt: new Date(app.now().getTime() + wait * 1000) } : {})
  })
}

async function one(app: App, viewer: Account, kind: ImportKind, cells: string[]): Promise<void> {
  const [first = '', second = ''] = cells
  switch (kind) {
    case 'following': {
      const languages = (cells[3] ?? '').split(/[\s,;]+/).filter((tag) => /^[a-z]{2,3}(-\w+)?$/i.test(tag))
      await follow(app, viewer, (await somebody(app, first)).id, { showBoosts: second.toLowerCase() !== 'false', notify: cells[2]?.toLowerCase() === 'true', ...languages.length ? { languages } : {} })
      return
    }
    case 'muted': await mute(app, viewer, (await somebody(app, first)).id, { hideNotifications: second.toLowerCase() !== 'false' }); return
    case 'blocked': await block(app, viewer, (await somebody(app, first)).id); return
    case 'lists': {
      const account = await somebody(app, second)
      const list = (await listsOf(app, viewer)).find((known) => known.title === first.trim()) ?? await createList(app, viewer, { title: first })
      await addToList(app, viewer, list.id, [account.id])
      return
    }
    case 'bookmarks': await bookmarkPost(app, viewer, postAt(app, first)); return
    case 'filters': {
      const [, keyword = '', whole = '', contexts = '', action = '', seconds = ''] = cells
      await createFilter(app, viewer, { title: first, contexts: contexts.split(/[\s;|]+/).filter(Boolean), action: action || 'warn', seconds: Number(seconds) || null, keywords: keyword.split('|').map((word) => ({ keyword: word, wholeWord: whole.toLowerCase() !== 'false' })) })
    }
  }
}

/** 'name' or 'name@this.host'. The same name elsewhere is somebody else. */
async function somebody(app: App, address: string): Promise<Account> {
  // What a spreadsheet would have taken for a formula got an apostrophe.
  const [name = '', host] = address.replace(/^'/, '').replace(/^@/, '').split('@')
  const account = host === undefined || host.toLowerCase() === new URL(app.config.publicUrl).host.toLowerCase() ? await findAccountByUsername(app, name) : null
  if (!account) throw notFound(host === undefined || host.toLowerCase() === new URL(app.config.publicUrl).host.toLowerCase() ? 'importNobody' : 'importElsewhere')
  return account
}

/** The id in '/@name/ID' or '/users/name/statuses/ID' of this site. */
function postAt(app: App, text: string): string {
  const url = URL.parse(text)
  if (!url || url.host !== new URL(app.config.publicUrl).host) throw notFound('importElsewhere')
  const id = url.pathname.split('/').at(-1) ?? ''
  if (!isId(id)) throw notFound('importNoPost')
  return id
}
