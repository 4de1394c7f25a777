import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandStaff, selectCase } from '#server/domain/cases/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import { rulesById } from '#server/domain/instance/index.ts'
import type { DecisionDraft } from '#server/domain/moderation/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'

/** Acts for which naming the rule may say enough. Whoever is limited, suspended or closed is owed words of somebody's own. */
const plain = new Set(['remove_post', 'mark_sensitive', 'label', 'limit_post', 'lock_thread', 'hide_media', 'hide_links', 'adults_only', 'remove_avatar', 'refuse_avatar', 'remove_cover', 'clear_profile', 'warn'])

/** Where a moderator left the reason empty and chose a rule: the rule is the reason, said in the member's language. */
export async function withPlainReason(app: App, moderator: Account, caseId: CaseId, draft: DecisionDraft): Promise<DecisionDraft> {
  demandStaff(moderator)
  if (draft.reason || !plain.has(draft.act) || draft.ground === 'law' || !isId(draft.ruleId) || !isId(caseId)) return draft
  const row = await selectCase(app.database.queries, caseId)
  const account = row?.account_id ? await findAccount(app, row.account_id) : null
  if (!account) return draft
  const rule = (await rulesById(app, [draft.ruleId], account.locale)).get(draft.ruleId)
  if (!rule) return draft
  const i = translator(account.locale, await loadCatalogue(account.locale, 'core'))
  return { ...draft, reason: i.t('report.reasonByRule', { rule: rule.text }) }
}
