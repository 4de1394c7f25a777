import type { App } from './app.ts'
import { addRuleIn, audit, changeSettingsIn, checkSetUpToken, createAnnouncementIn, settingsChanged, takeSetUpToken } from './domain/instance/index.ts'
import type { RuleDraft, SettingsPatch } from './domain/instance/index.ts'
import { createMember, openSession } from './domain/sessions/index.ts'
import type { NewSession } from './domain/sessions/index.ts'

export type SetUp = {
  community: SettingsPatch
  rules: RuleDraft[]
  /** shown to everybody who joins, until the owner takes it away */
  welcome: { text: string; translations: Record<string, string> }
  owner: { username: string; displayName?: string; email?: string; password: string; locale: 'en' | 'ar' }
  userAgent: string
}

/**
 * The wizard's one act: settings, first rules, a welcome and the owner's account, all or nothing.
 * The token works once; a wrong or used one is not found. The owner is signed in.
 */
export async function setUpCommunity(app: App, token: string, wanted: SetUp): Promise<NewSession> {
  await checkSetUpToken(app, token)
  const session = await app.database.inTransaction(async (tx) => {
    await takeSetUpToken(app, tx, token)
    const ownerId = await createMember(app, tx, { ...wanted.owner, role: 'owner', state: 'active', consented: true })
    const owner = { id: ownerId, role: 'owner' as const }
    await audit(app, tx, 'program', 'account.create', { kind: 'account', id: ownerId }, { role: 'owner' })
    await changeSettingsIn(app, tx, owner, wanted.community)
    for (const rule of wanted.rules) await addRuleIn(app, tx, owner, rule)
    await createAnnouncementIn(app, tx, owner, { ...wanted.welcome, emphasised: true }, true)
    await app.record(tx, { type: 'account.joined', accountId: ownerId })
    return openSession(app, tx, ownerId, wanted.userAgent)
  })
  settingsChanged(app)
  return session
}
