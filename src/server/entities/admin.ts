import { z } from 'zod'
import type { MemberLine, ReportSummary, ReportView } from '#server/domain/moderation/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import { Account, accountEntity, roleIds, roleNames } from './account.ts'
import { categoryWord } from './report.ts'
import type { Speaker } from './speaker.ts'
import { Status, statusEntity } from './status.ts'

const permissions = { member: '0', moderator: '1308', admin: '983036', owner: '1048575' } as const
export const AdminAccount = z.object({
  id: z.string(), username: z.string(), domain: z.null(), created_at: z.iso.datetime(), email: z.string(), ip: z.null(), ips: z.array(z.never()), locale: z.string().nullable(), invite_request: z.string().nullable(),
  role: z.object({ id: z.string(), name: z.string(), color: z.string(), position: z.int(), permissions: z.string(), highlighted: z.boolean(), created_at: z.null(), updated_at: z.null() }),
  confirmed: z.boolean(), approved: z.boolean(), disabled: z.boolean(), silenced: z.boolean(), suspended: z.boolean(), sensitized: z.boolean(), account: Account, created_by_application_id: z.null(), invited_by_account_id: z.string().nullable(),
}).meta({ id: 'AdminAccount' })

/** A member as moderators' apps see them. An address of mail only where the domain gave it; of the internet none is kept. */
export function adminAccountEntity({ account, email, joinReason, invitedBy, frozen }: Pick<MemberLine, 'account' | 'email' | 'joinReason' | 'invitedBy' | 'frozen'>, speaker: Speaker): z.infer<typeof AdminAccount> {
  const { role, state } = account
  return {
    id: account.id, username: account.username, domain: null, created_at: account.createdAt, email: email ?? '', ip: null, ips: [], locale: null, invite_request: joinReason || null,
    role: { id: roleIds[role], name: roleNames[role], color: '', position: ['member', 'moderator', 'admin', 'owner'].indexOf(role), permissions: permissions[role], highlighted: role !== 'member', created_at: null, updated_at: null },
    // Who waits without having said why waits for the letter that proves an address.
    confirmed: state !== 'pending' || joinReason !== '', approved: state !== 'pending', disabled: frozen, silenced: state === 'limited', suspended: (state === 'suspended' && !frozen) || state === 'deleted', sensitized: false,
    account: accountEntity(account, speaker), created_by_application_id: null, invited_by_account_id: invitedBy?.id ?? null,
  }
}

export const AdminReport = z.object({
  id: z.string(), action_taken: z.boolean(), action_taken_at: z.iso.datetime().nullable(), category: z.enum(['spam', 'legal', 'violation', 'other']), comment: z.string(), forwarded: z.boolean(), created_at: z.iso.datetime(), updated_at: z.iso.datetime(),
  account: AdminAccount.nullable(), target_account: AdminAccount, assigned_account: AdminAccount.nullable(), action_taken_by_account: AdminAccount.nullable(), statuses: z.array(Status), rules: z.array(z.object({ id: z.string(), text: z.string(), hint: z.string() })),
}).meta({ id: 'AdminReport' })

const plain = (account: MemberLine['account'], speaker: Speaker) => adminAccountEntity({ account, email: null, joinReason: '', invitedBy: null, frozen: false }, speaker)

/** A report in a list: who reported and what stands in it is read one by one, as reading it is on record. */
export const adminReportLine = (report: ReportSummary, more: { comment: string; statuses: PostView[] }, speaker: Speaker): z.infer<typeof AdminReport> => ({
  id: report.id, action_taken: report.state !== 'open', action_taken_at: report.decidedAt, category: categoryWord(report.category), comment: more.comment, forwarded: false, created_at: report.createdAt, updated_at: report.decidedAt ?? report.createdAt,
  account: null, target_account: plain(report.account, speaker), assigned_account: report.assignedTo && plain(report.assignedTo, speaker), action_taken_by_account: null, statuses: more.statuses.map((post) => statusEntity(post, speaker)), rules: [],
})

/** A whole report, its reporter included: for moderators alone. */
export const adminReportEntity = (report: ReportView, speaker: Speaker): z.infer<typeof AdminReport> => ({
  ...adminReportLine(report, { comment: report.comment, statuses: report.postsNow }, speaker),
  account: report.reporter && plain(report.reporter, speaker), rules: report.rule ? [{ id: report.rule.id, text: report.rule.text, hint: report.rule.hint }] : [],
})
