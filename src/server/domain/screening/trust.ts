import type { App } from '#server/app.ts'
import type { AccountId, Role } from '#server/domain/accounts/index.ts'

export type TrustFacts = { accountId: AccountId; role: Role; limited: boolean; ageHours: number; approved: number; upheld: number }
export type TrustPort = (app: App, facts: TrustFacts) => number | Promise<number>
const key = 'screening.trust'
const day = 24

/** 0 new · 1 basic · 2 member · 3 regular · 4 leads here. By age and posts that stand, less what was decided against them. */
const byAge: TrustPort = (_app, { role, limited, ageHours, approved, upheld }) => {
  if (role !== 'member') return 4
  const level = ageHours < day || approved < 3 ? 0 : ageHours < 7 * day || approved < 10 ? 1 : ageHours < 60 * day || approved < 50 ? 2 : 3
  return Math.max(0, level - upheld - (limited ? 2 : 0))
}

/** Who says how far an account is trusted; age and posts say so until a room does. */
export function useTrust(app: App, port: TrustPort): void {
  app.caches.set(key, port)
}

/** 0 … 4. */
export const trustOf = async (app: App, facts: TrustFacts): Promise<number> => (app.caches.get(key) as TrustPort | undefined ?? byAge)(app, facts)
