import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account as Me } from '#server/domain/accounts/index.ts'
import { approveMember, decide, listMembers, refuseMember, seeMember, seeReport, staffIds } from '#server/domain/moderation/index.ts'
import type { Act, MemberLine } from '#server/domain/moderation/index.ts'
import { AdminAccount, adminAccountEntity } from '#server/entities/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import { cutPage } from '#server/platform/page/index.ts'
import { ApiError } from '../errors.ts'
import type { Call, Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { flag, maybe, pathId, texts, words } from '../values.ts'

const at = { id: pathId }
const page = paging(100, 200)
const reads = { access: 'member', scope: 'admin:read:accounts' } as const
const writes = { access: 'member', scope: 'admin:write:accounts' } as const
const one = async (app: App, me: Me, id: string, speaker: Speaker) => adminAccountEntity(await seeMember(app, me, id as never), speaker)

type Wanted = { state: string | null; staff: boolean; q: string; invitedBy?: string; nobody: boolean }

/** Members by what a moderator's app asks for. There is nobody from elsewhere, and no address of the internet is kept: who is looked for by these isn't found. */
async function list(call: Call<unknown, { max_id?: string; since_id?: string; min_id?: string; limit: number }>, wanted: Wanted): Promise<z.infer<typeof AdminAccount>[]> {
  const { app, me, speaker } = call
  // Whoever may not, learns so also where nobody would be found.
  const found = await listMembers(app, me, { q: wanted.q, state: wanted.state }, askOf(call.query))
  if (wanted.nobody) return []
  if (wanted.staff) {
    const lines: MemberLine[] = []
    for (const id of (await staffIds(app)).slice(0, call.query.limit)) lines.push(await seeMember(app, me, id))
    return cutPage(lines, { before: null, after: null, limit: call.query.limit }, (line) => line.account.id).items.map((line) => adminAccountEntity(line, speaker))
  }
  linkPages(call, found)
  return found.items.filter((line) => !wanted.invitedBy || line.invitedBy?.id === wanted.invitedBy).map((line) => adminAccountEntity(line, speaker))
}

/** Gives back what was taken: no words are needed for that. */
const lift = (path: string, act: Act, summary: string): Route => route({
  method: 'POST', path: `/api/v1/admin/accounts/:id/${path}`, summary, ...writes, params: at, answer: AdminAccount,
  async handle({ app, me, params, speaker }) { await decide(app, me, { accountId: params.id as never }, { act }); return one(app, me, params.id, speaker) },
})

const acts = { none: 'warn', silence: 'limit', suspend: 'suspend', disable: 'freeze' } as const

export const adminAccountRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/admin/accounts', summary: 'Members, for those who moderate', ...reads, answer: z.array(AdminAccount),
    query: { ...page, local: flag.optional(), remote: flag.optional(), active: flag.optional(), pending: flag.optional(), disabled: flag.optional(), silenced: flag.optional(), suspended: flag.optional(), sensitized: flag.optional(), staff: flag.optional(),
      username: maybe(words(100)), display_name: maybe(words(100)), by_domain: maybe(words(300)), email: maybe(words(300)), ip: maybe(words(100)) },
    async handle(call) {
      const { query } = call
      const state = query.pending ? 'pending' : query.silenced ? 'limited' : query.suspended ? 'suspended' : query.active ? 'active' : null
      return list(call, { state, staff: query.staff === true, q: query.username ?? query.display_name ?? '', nobody: query.remote === true || query.sensitized === true || query.disabled === true || [query.by_domain, query.email, query.ip].some((one) => one !== undefined) })
    },
  }),
  route({
    method: 'GET', path: '/api/v2/admin/accounts', summary: 'The same, with other words', ...reads, answer: z.array(AdminAccount),
    query: { ...page, origin: maybe(z.enum(['local', 'remote'])), status: maybe(z.enum(['active', 'pending', 'disabled', 'silenced', 'suspended'])), permissions: maybe(z.enum(['staff'])), role_ids: texts(10), invited_by: maybe(words(30)),
      username: maybe(words(100)), display_name: maybe(words(100)), by_domain: maybe(words(300)), email: maybe(words(300)), ip: maybe(words(100)) },
    async handle(call) {
      const { query } = call
      const state = query.status === 'silenced' ? 'limited' : query.status === 'disabled' ? null : query.status ?? null
      return list(call, { state, staff: query.permissions === 'staff' || query.role_ids.length > 0, q: query.username ?? query.display_name ?? '', invitedBy: query.invited_by, nobody: query.origin === 'remote' || query.status === 'disabled' || [query.by_domain, query.email, query.ip].some((one) => one !== undefined) })
    },
  }),
  route({ method: 'GET', path: '/api/v1/admin/accounts/:id', summary: 'One member, for those who moderate', ...reads, params: at, answer: AdminAccount, handle: ({ app, me, params, speaker }) => one(app, me, params.id, speaker) }),
  route({
    method: 'POST', path: '/api/v1/admin/accounts/:id/approve', summary: 'Let somebody in', ...writes, params: at, answer: AdminAccount,
    async handle({ app, me, params, speaker }) { await approveMember(app, me, params.id as never); return one(app, me, params.id, speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/accounts/:id/reject', summary: 'Turn a request to join down', ...writes, params: at, answer: AdminAccount,
    async handle({ app, me, params, speaker }) { await refuseMember(app, me, params.id as never, ''); return one(app, me, params.id, speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/accounts/:id/action', summary: 'Decide about a member', ...writes, params: at, answer: z.object({}),
    note: '`text` is the reason the member reads, and is needed. What it stands on is the rule of the report, or `rule_ids[]`. `sensitive` doesn’t exist here: posts are marked, not people.',
    body: { type: z.enum(['none', 'sensitive', 'disable', 'silence', 'suspend']).default('none'), report_id: maybe(words(30)), warning_preset_id: maybe(words(30)), text: maybe(words(3000)), rule_ids: texts(10), send_email_notification: flag.optional() },
    async handle({ app, me, params, body }) {
      if (body.type === 'sensitive') throw new ApiError(422, 'Here posts are marked as sensitive, not people')
      const report = body.report_id ? await seeReport(app, me, body.report_id as never) : null
      if (report && report.account.id !== params.id) throw new ApiError(422, 'This report is about somebody else')
      await decide(app, me, report ? { reportId: report.id } : { accountId: params.id as never }, { act: acts[body.type], reason: body.text, ruleId: body.rule_ids[0] ?? report?.rule?.id ?? null })
      return {}
    },
  }),
  lift('enable', 'unfreeze', 'Open a frozen account again'), lift('unsilence', 'unlimit', 'End a limit'), lift('unsuspend', 'unsuspend', 'End a suspension'),
  route({ method: 'POST', path: '/api/v1/admin/accounts/:id/unsensitive', summary: 'Nothing to do: people aren’t marked here', ...writes, params: at, answer: AdminAccount, handle: ({ app, me, params, speaker }) => one(app, me, params.id, speaker) }),
  route({
    method: 'DELETE', path: '/api/v1/admin/accounts/:id', summary: 'Delete a suspended account for good', ...writes, params: at, answer: AdminAccount,
    note: 'Needs two people: it is proposed and done on the desk. Here it is refused in words, unless only one person looks after the community.',
    body: { text: maybe(words(3000)), rule_ids: texts(10) },
    async handle({ app, me, params, body, speaker }) {
      const before = await one(app, me, params.id, speaker)
      if (!before.suspended) throw new ApiError(403, 'Only a suspended account can be deleted')
      await decide(app, me, { accountId: params.id as never }, { act: 'delete_account', reason: body.text, ruleId: body.rule_ids[0] ?? null })
      return before
    },
  }),
]
