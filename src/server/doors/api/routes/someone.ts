import type { App } from '#server/app.ts'
import { accountView } from '#server/domain/accounts/index.ts'
import type { AccountView, Viewer } from '#server/domain/accounts/index.ts'
import { notFound } from '#server/platform/errors.ts'

/** An account that there is. Who waits for approval or left is nobody to others. Throws notFound. */
export async function someone(app: App, viewer: Viewer, id: string): Promise<AccountView> {
  const view = await accountView(app, id)
  if (!view || view.state === 'deleted' || (view.state === 'pending' && viewer?.id !== view.id)) throw notFound()
  return view
}
