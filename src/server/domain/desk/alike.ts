import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { caseFor } from './open-case.ts'
import { selectAlikeAccounts, selectAlikePosts } from './queries.ts'
import type { Alike } from './types.ts'

/** Posts that say nearly the same, as far as the moderator may read them anyway, and accounts that came by the same door or look alike. Asked for, never computed by itself. */
export async function alikeTo(app: App, moderator: Account, caseId: CaseId): Promise<Alike> {
  demandStaff(moderator)
  const row = await caseFor(app, moderator, caseId)
  const text = row.evidence?.posts?.map((post) => post.text).find((one) => [...one].length >= 20)?.slice(0, 500)
  const since = new Date(app.now().getTime() - 60 * 86_400_000)
  const [postIds, accounts] = await Promise.all([text ? selectAlikePosts(app.database.queries, text, row.post_ids, since, 8) : [], row.account_id ? selectAlikeAccounts(app.database.queries, row.account_id, 12) : []])
  const [posts, people] = await Promise.all([postViews(app, moderator, postIds), accountViews(app, accounts.map((one) => one.id))])
  return { posts, accounts: accounts.flatMap((one) => { const account = people.get(one.id); return account ? [{ account, why: one.why }] : [] }) }
}
