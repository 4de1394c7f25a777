import type { App } from '#server/app.ts'
import { whyNot, withheldAccounts } from '#server/domain/withholding/index.ts'
import { notFound, withheldHere } from '#server/platform/errors.ts'
import type { AccountId, Viewer } from './types.ts'

/** Throws where the law of the country from which is read wants this account unseen there: with the reason, if it may be told. Their own they always see. */
export async function demandShownHere(app: App, viewer: Viewer, accountId: AccountId): Promise<void> {
  if (viewer?.id === accountId || !(await withheldAccounts(app, [accountId])).has(accountId)) return
  const why = await whyNot(app, { accountId })
  throw why ? withheldHere(why) : notFound('noAccount')
}
