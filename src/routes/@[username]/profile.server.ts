import { accountView, demandShownHere, findAccountByUsername } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { relationshipViews } from '#server/domain/relationships/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { orErrorPage, requireViewer } from '../forms.server.ts'

/** Whose page this is and what is between them and the viewer. Gone, waiting and unknown names are the same answer. */
export async function profileOf(locals: App.Locals, username: string, url: URL) {
  const { app, viewer } = locals
  if ((await readSettings(app)).readMode === 'members') requireViewer(locals, url)
  return orErrorPage(async () => {
    const found = await findAccountByUsername(app, username)
    const account = found && found.state !== 'pending' && found.state !== 'deleted' ? await accountView(app, found.id) : null
    if (!account) throw notFound('noAccount')
    const relationship = viewer && viewer.id !== account.id ? (await relationshipViews(app, viewer, [account.id])).get(account.id) ?? null : null
    if (relationship?.blockedBy) throw notFound('noAccount')
    await demandShownHere(app, viewer, account.id)
    return { account, relationship }
  })
}
