import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { readSettings, rulesById } from '#server/domain/instance/index.ts'
import { mailMember } from '#server/domain/sessions/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { letterWords } from './letters.ts'
import type { ReadDecision } from './read-decision.ts'

/**
 * Whose account is closed for good can't sign in to read why: the whole statement goes by mail, before their address goes with the
 * account. In the decision's transaction.
 */
export async function mailClosed(app: App, tx: Tx, accountId: AccountId, read: Pick<ReadDecision, 'ruleId' | 'law' | 'reason' | 'explanation'>): Promise<void> {
  const account = await findAccount(app, accountId)
  if (!account) return
  const [rules, settings] = await Promise.all([read.ruleId ? rulesById(app, [read.ruleId], account.locale) : null, readSettings(app)])
  const letter = await letterWords(app, account.locale, 'closed', {})
  const ground = (read.ruleId && rules?.get(read.ruleId)?.text) || read.law
  const parts = [letter.text.trimEnd(), ground, read.reason, read.explanation, settings.contactEmail]
  await mailMember(app, tx, accountId, { ...letter, text: `${parts.filter(Boolean).join('\n\n')}\n` })
}
