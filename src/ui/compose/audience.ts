import type { Audience, ReplyPolicy } from '#server/domain/posts/index.ts'
import type { IconName } from '#ui/base/icons.ts'

/** From the widest circle to the smallest. */
export const audiences: Audience[] = ['public', 'members', 'followers', 'mentioned']
export const audienceIcon: Record<Audience, IconName> = { public: 'globe', members: 'users', followers: 'user-check', mentioned: 'at-sign' }

export const replyPolicies: ReplyPolicy[] = ['everyone', 'followers', 'followed', 'mentioned', 'nobody']

/** An answer never reaches further than what it answers. */
export const audiencesFor = (parent?: Audience) => parent ? audiences.slice(audiences.indexOf(parent)) : audiences

/** What a new post starts with: the member's habit, narrowed to what the parent allows. */
export function startAudience(usual: Audience, parent?: Audience): Audience {
  const allowed = audiencesFor(parent)
  return allowed.includes(usual) ? usual : allowed[0] ?? usual
}
