import type { Role } from '#server/domain/accounts/index.ts'
import type { Act } from './types.ts'

export type Someone = { id: string; role: Role }
const rank: Record<Role, number> = { member: 0, moderator: 1, admin: 2, owner: 3 }

export const isStaff = (who: { role: Role }) => rank[who.role] >= rank.moderator

/**
 * May one person do this to another? Staff only, never oneself, never somebody of the same or a higher role.
 * Dismissing a report does nothing to the person, so colleagues may; but not about oneself.
 */
export function may(actor: Someone, act: Act, target: Someone): boolean {
  if (!isStaff(actor) || actor.id === target.id) return false
  // What can't be taken back is for those who run the place.
  if (act === 'delete_account' && rank[actor.role] < rank.admin) return false
  return act === 'dismiss' || rank[actor.role] > rank[target.role]
}

/** May one person give another this role? Admins and the owner, to people below them, up to just below themselves. */
export function mayGiveRole(actor: Someone, target: Someone, role: Role): boolean {
  return rank[actor.role] >= rank.admin && actor.id !== target.id && rank[actor.role] > rank[target.role] && rank[actor.role] > rank[role]
}
