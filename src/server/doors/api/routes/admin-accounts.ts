import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account as Me } from '#server/domain/accounts/index.ts'
import { macros } from '#server/domain/desk/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { approveMember, decide, fillPlaceholders, listMembers, refuseMember, seeMember, seeReport } from '#server/domain/moderation/index.ts'
import type { Act, MemberFilter } from '#server/domain/moderation/index.ts'
import { AdminAccount, adminAccountEntity, roleIds } from '#server/entities/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { ApiError } from '../errors.ts'
import type { Call, Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { flag, maybe, pathId, texts, words } from '../values.ts'

const at = { id: pathId }
const page = paging(100, 200)
const reads = { access: 'member', scope: 'admin:read:accounts' } as const
const writes = { access: 'member', scope: 'admin:write:accounts' } as const
const one = async (app: App, me: Me, id: string, speaker: Speaker) => adminAccountEntity(await seeMember(app, me, id as never), speaker)

type Wanted = MemberFilter & { nobody: boolean }

/** Members by what a moderator's app asks for. There is nobody from elsewhere, and no address of the internet is kept: who is looked for by these isn't found. */
async function list(call: Call<unknown, { max_id?: string; since_id?: string; min_id?: string; limit: number }>, wanted: Wanted): Promise<z.infer<typeof AdminAccount>[]> {
  const { app, me, speaker } = call
  // Whoever may not, learns so also where nobody would be found.
  const found = await listMembers(app, me, wanted, askOf(call.query))
  if (wanted.nobody) return []
  linkPages(call, found)
  return found.items.map((line) => adminAccountEntity(line, speaker))
}

/** Gives back what was taken: no words are needed for that. */
const lift = (path: string, act: Act, summary: string): Route => route({
  method: 'POST', path: `/api/v1/admin/accounts/:id/${path}`, summary, ...writes, params: at, answer: AdminAccount,
  async handle({ app, me, params, speaker }) { await decide(app, me, { accountId: params.id as never }, { act }); return one(app, me, params.id, speaker) },
})

/** The API's words for how an account stands, as filters. Whom an investigation locked out is suspended besides. */
function standing(status: 'active' | 'pending' | 'disabled' | 'silenced' | 'suspended' | undefined): Pick<MemberFilter, 'state' | 'frozen'> {
  if (status === 'disabled') return { frozen: true }
  if (status === 'suspended') return { state: 'suspended', frozen: false }
  return { state: status === 'silenced' ? 'limited' : status ?? null }
}

const acts = { none: 'warn', silence: 'limit', suspend: 'suspend', disable: 'freeze' } as const

export const adminAccountRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/admin/accounts', summary: 'Members, for those who moderate', ...reads, answer: z.array(AdminAccount),
    query: { ...page, local: flag.optional(), remote: flag.optional(), active: flag.optional(), pending: flag.optional(), disabled: flag.optional(), silenced: flag.optional(), suspended: flag.optional(), sensitized: flag.optional(), staff: flag.optional(),
      username: maybe(words(100)), display_name: maybe(words(100)), by_domain: maybe(words(300)), email: maybe(words(300)), ip: maybe(words(100)) },
    async handle(call) {
      const { query } = call
      const status = query.pending ? 'pending' : query.silenced ? 'silenced' : query.disabled ? 'disabled' : query.suspended ? 'suspended' : query.active ? 'active' : undefined
      return list(call, { ...standing(status), staff: query.staff === true, q: query.username ?? query.display_name ?? '', email: query.email, nobody: (query.remote === true && query.local !== true) || query.sensitized === true || query.by_domain !== undefined || query.ip !== undefined })
    },
  }),
  route({
    method: 'GET', path: '/api/v2/admin/accounts', summary: 'The same, with other words', ...reads, answer: z.array(AdminAccount),
    query: { ...page, origin: maybe(z.enum(['local', 'remote'])), status: maybe(z.enum(['active', 'pending', 'disabled', 'silenced', 'suspended'])), permissions: maybe(z.enum(['staff'])), role_ids: texts(10), invited_by: maybe(words(30)),
      username: maybe(words(100)), display_name: maybe(words(100)), by_domain: maybe(words(300)), email: maybe(words(300)), ip: maybe(words(100)) },
    async handle(call) {
      const { query } = call
      const roles = (['member', 'moderator', 'admin', 'owner'] as const).filter((role) => query.role_ids.includes(roleIds[role]))
      return list(call, {
        ...standing(query.status), q: query.username ?? query.display_name ?? '', invitedBy: query.invited_by, email: query.email,
        staff: query.permissions === 'staff' || (roles.length > 1 && !roles.includes('member')), role: roles.length === 1 ? roles[0] : null,
        nobody: query.origin === 'remote' || query.by_domain !== undefined || query.ip !== undefined || (query.role_ids.length > 0 && roles.length === 0),
      })
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
    note: '`text` is the reason the member reads, and is needed, unless `warning_preset_id` names a ready text of the desk. What it stands on is the rule of the report or of the ready text, or `rule_ids[]`. `sensitive` doesn’t exist here: posts are marked, not people. Whoever is decided about always hears of it, whatever `send_email_notification` says.',
    body: { type: z.enum(['none', 'sensitive', 'disable', 'silence', 'suspend']).default('none'), report_id: maybe(words(30)), warning_preset_id: maybe(words(30)), text: maybe(words(3000)), rule_ids: texts(10), send_email_notification: flag.optional() },
    async handle({ app, me, params, body }) {
      if (body.type === 'sensitive') throw new ApiError(422, 'Here posts are marked as sensitive, not people')
      const report = body.report_id ? await seeReport(app, me, body.report_id as never) : null
      if (report && report.account.id !== params.id) throw new ApiError(422, 'This report is about somebody else')
      const ready = body.warning_preset_id ? (await macros(app, me)).find((one) => one.id === body.warning_preset_id) : undefined
      if (body.warning_preset_id && !ready) throw notFound()
      const { account } = await seeMember(app, me, params.id as never)
      const reason = body.text ?? (ready && fillPlaceholders(ready.text, { name: account.name, community: (await readSettings(app)).name }))
      await decide(app, me, report ? { reportId: report.id } : { accountId: account.id }, { act: acts[body.type], reason, ruleId: body.rule_ids[0] ?? report?.rule?.id ?? ready?.ruleId ?? null })
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
