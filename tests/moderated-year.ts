import type { App } from '../src/server/app.ts'
import type { Account } from '../src/server/domain/accounts/index.ts'
import { sql } from '../src/server/platform/db/sql.ts'

let number = 0
/** An id of that moment, different from all others. */
const idOf = (when: Date) => String((BigInt(when.getTime()) << 16n) | BigInt(number++ % 65_536))
const day = 86_400_000

/** A year of reports, decisions, objections and what rules did, up to now: for pages with figures. Always the same. */
export async function moderatedYear(app: App, people: { moderators: Account[]; members: Account[] }): Promise<void> {
  const on = app.database.queries
  const now = app.now().getTime()
  const categories = ['harassment', 'spam', 'hatred', 'privacy', 'impersonation', 'copyright', 'misinformation', 'rule']
  const acts = ['remove_post', 'warn', 'mark_sensitive', 'limit', 'suspend', 'label']
  let seed = 11
  const some = (most: number) => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return Math.floor((seed / 2_147_483_648) * most) }
  for (let n = 0; n < 240; n++) {
    const when = new Date(now - 380 * day + n * 1.58 * day + some(20) * 3_600_000)
    if (when.getTime() > now - day) continue
    const [member, moderator] = [people.members[some(people.members.length)]!, people.moderators[some(people.moderators.length)]!]
    const reporter = people.members[some(people.members.length)]!
    const screened = n % 4 === 0
    const law = n % 5 === 0 && !screened
    const category = categories[some(categories.length)]!
    const touched = new Date(when.getTime() + (0.2 + some(20) ** 1.6 / 4) * 3_600_000)
    const decidedAt = n > 228 ? null : new Date(touched.getTime() + (0.1 + some(12)) * 3_600_000)
    const acted = some(10) > 3
    const caseId = idOf(when)
    await sql`insert into cases (id, kind, source, subject, account_id, category, clock, due_at, state, outcome, decided_by_id, first_touched_at, decided_at, created_at)
      values (${caseId}, ${screened ? 'hold' : 'report'}, ${screened ? 'screening' : n % 15 === 0 ? 'outside' : 'report'}, ${caseId}, ${member.id}, ${category}, 'rules', ${new Date(when.getTime() + 3 * day)}, ${decidedAt ? 'decided' : 'open'}, ${decidedAt ? acted ? 'acted' : 'dismissed' : null}, ${decidedAt ? moderator.id : null}, ${decidedAt ? touched : null}, ${decidedAt}, ${when})`.execute(on)
    if (!screened) await sql`insert into reports (id, evidence, case_id, reporter_id, account_id, category, door, token_hash, state, created_at, decided_at) values (${idOf(when)}, '{"posts":[]}', ${caseId}, ${n % 15 === 0 || reporter.id === member.id ? null : reporter.id}, ${member.id}, ${category}, ${law ? 'illegal' : 'rules'}, ${n % 15 === 0 ? Buffer.from(caseId) : null}, ${decidedAt ? acted ? 'resolved' : 'dismissed' : 'open'}, ${when}, ${decidedAt})`.execute(on)
    if (!decidedAt || !acted) continue
    const decisionId = idOf(decidedAt)
    const act = acts[some(acts.length)]!
    await sql`insert into decisions (id, moderator_id, account_id, act, ground, category, source_type, detected_by_machine, machine_share, case_id, law, explanation, reason, facts, strike, strike_ends_at, created_at) values (${decisionId}, ${moderator.id}, ${member.id}, ${act}, ${law ? 'law' : 'rule'}, ${category},
      ${screened ? 'VOLUNTARY' : law ? 'ARTICLE_16' : 'TYPE_OTHER_NOTIFICATION'}, ${screened}, ${screened ? 'PARTIALLY' : 'NOT_AUTOMATED'}, ${caseId}, '', '', 'It broke a rule.', '', 1, ${new Date(decidedAt.getTime() + 90 * day)}, ${decidedAt})`.execute(on)
    if (n % 9 !== 1) continue
    const [made, answered] = [new Date(decidedAt.getTime() + day), new Date(decidedAt.getTime() + 3 * day)]
    if (answered.getTime() > now) continue
    const overturned = n % 2 === 0
    const appealCase = idOf(made)
    await sql`insert into cases (id, kind, source, subject, account_id, category, clock, due_at, state, outcome, decided_by_id, first_touched_at, decided_at, created_at) values (${appealCase}, 'appeal', 'appeal', ${appealCase}, ${member.id}, ${category}, 'appeal', ${answered}, 'decided', 'dismissed', ${moderator.id}, ${answered}, ${answered}, ${made})`.execute(on)
    await sql`insert into appeals (id, case_id, decision_id, account_id, text, state, answer, decided_at, created_at) values (${idOf(made)}, ${appealCase}, ${decisionId}, ${member.id}, 'I see it differently.', ${overturned ? 'overturned' : 'upheld'}, 'We looked again.', ${answered}, ${made})`.execute(on)
    if (!overturned) continue
    const back = idOf(answered)
    await sql`insert into decisions (id, moderator_id, account_id, act, ground, category, case_id, created_at) values (${back}, ${moderator.id}, ${member.id}, 'overturn', 'none', ${category}, ${caseId}, ${answered})`.execute(on)
    await sql`update decisions set reversed_by_id = ${back} where id = ${decisionId}`.execute(on)
  }
  await sql`insert into screening_counts (rule_id, day, fired, judged_right, judged_wrong) select r.id, (${app.now()}::timestamptz - interval '3 days')::date, 3 + (r.position % 40), r.position % 7, r.position % 3 from screening_rules r`.execute(on)
  for (const [at, moderator] of people.moderators.entries()) for (let n = 0; n < 4 + at; n++) await sql`insert into moderator_days (account_id, day, case_id, hard, first_at, last_at) select ${moderator.id}, (${app.now()}::timestamptz - ${`${n} days`}::interval)::date, id, ${n === 0}, ${app.now()}, ${app.now()} from cases order by id desc offset ${n} limit 3`.execute(on)
}
