import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { accountView } from '#server/domain/accounts/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { cleanText, countCharacters } from '#server/platform/text/count.ts'
import { upsertNote } from './queries-kept.ts'
import type { RelationshipView } from './types.ts'
import { relationshipView } from './views.ts'

const most = 2000

/** Keeps a few words about somebody, which nobody else sees; an empty note takes it away. Problems name `comment`. */
export async function noteAccount(app: App, viewer: Account, aboutId: AccountId, text: string): Promise<RelationshipView> {
  const note = cleanText(text).trim()
  if (note.length > most * 20 || countCharacters(note, most) > most) throw invalidForm([{ field: 'comment', message: 'error.textTooLong', params: { most } }])
  const about = await accountView(app, aboutId)
  if (!about || about.state === 'deleted' || about.state === 'pending') throw notFound()
  await upsertNote(app.database.queries, viewer.id, aboutId, note, app.now())
  return relationshipView(app, viewer, aboutId)
}
