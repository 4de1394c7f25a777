import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { screenWords } from '#server/domain/instance/index.ts'
import { conflict, invalid, invalidForm, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { countLists, deleteList, deleteLists, insertList, selectLists, selectListsWith, updateList } from './queries.ts'
import type { ListDraft, ListId, ListView, RepliesPolicy } from './types.ts'

const most = { lists: 50, title: 100 }
const policies: readonly RepliesPolicy[] = ['followed', 'list', 'none']

/** The member's lists, oldest first. */
export async function listsOf(app: App, viewer: Account): Promise<ListView[]> {
  return selectLists(app.database.queries, viewer.id)
}

/** One own list; those of others are not found. */
export async function seeList(app: App, viewer: Account, id: ListId): Promise<ListView> {
  const [list] = isId(id) ? await selectLists(app.database.queries, viewer.id, id) : []
  if (!list) throw notFound()
  return list
}

/** The member's lists that somebody is on. */
export async function listsWith(app: App, viewer: Account, accountId: AccountId): Promise<ListView[]> {
  return isId(accountId) ? selectListsWith(app.database.queries, viewer.id, accountId) : []
}

/** Makes a list, at most fifty. Problems name `title` and `repliesPolicy`. */
export async function createList(app: App, viewer: Account, draft: ListDraft): Promise<ListView> {
  const list: ListView = { id: app.newId(), repliesPolicy: 'list', exclusive: false, ...readDraft({ ...draft, title: draft.title ?? '' }) }
  await checkTitle(app, viewer, list.title)
  await app.database.inTransaction(async (tx) => {
    if (await countLists(tx, viewer.id) >= most.lists) throw conflict('tooManyLists', { most: most.lists })
    await insertList(tx, viewer.id, list, app.now())
  })
  return list
}

/** Nobody else reads it, so nothing waits for a person: what would be held is refused. */
async function checkTitle(app: App, viewer: Account, title: string): Promise<void> {
  if ((await screenWords(app, { subject: 'list', accountId: viewer.id, parts: [title] })).act === 'hold') throw invalid('screened')
}

/** Changes what is given. */
export async function changeList(app: App, viewer: Account, id: ListId, change: ListDraft): Promise<ListView> {
  const parts = readDraft(change)
  const list = { ...await seeList(app, viewer, id), ...parts }
  if (parts.title !== undefined) await checkTitle(app, viewer, parts.title)
  await app.database.inTransaction((tx) => updateList(tx, id, list))
  return list
}

/** The list goes; the people on it stay followed. */
export async function removeList(app: App, viewer: Account, id: ListId): Promise<void> {
  if (!isId(id) || !await app.database.inTransaction((tx) => deleteList(tx, viewer.id, id))) throw notFound()
}

/** The lists of an account that left. */
export async function forgetLists(app: App, accountId: string): Promise<void> {
  await app.database.inTransaction((tx) => deleteLists(tx, accountId))
}

function readDraft(draft: ListDraft): { title: string } & Partial<ListView>
function readDraft(draft: ListDraft): Partial<ListView> {
  const problems: FieldProblem[] = []
  const read: Partial<ListView> = {}
  if (draft.title !== undefined) {
    read.title = draft.title.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
    if (!read.title) problems.push({ field: 'title', message: 'error.empty' })
    if ([...read.title].length > most.title) problems.push({ field: 'title', message: 'error.textTooLong', params: { most: most.title } })
  }
  if (draft.repliesPolicy !== undefined) {
    read.repliesPolicy = policies.find((policy) => policy === draft.repliesPolicy)
    if (!read.repliesPolicy) problems.push({ field: 'repliesPolicy', message: 'error.choose' })
  }
  if (draft.exclusive !== undefined) read.exclusive = draft.exclusive
  if (problems.length) throw invalidForm(problems)
  return read
}
