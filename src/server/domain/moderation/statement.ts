import { categoryFacts } from '#server/domain/cases/index.ts'
import type { DecisionRow } from './queries-decisions.ts'
import type { Act } from './types.ts'

/** A statement of reasons as the EU's transparency database takes it (StatementStoreRequest, V2): without personal data. */
export type DsaStatement = {
  puid: string
  decision_visibility?: string[]
  decision_account?: string
  decision_provision?: string
  decision_ground: string
  illegal_content_legal_ground?: string
  illegal_content_explanation?: string
  incompatible_content_ground?: string
  incompatible_content_explanation?: string
  decision_facts: string
  content_type: string[]
  category: string
  category_specification: string[]
  territorial_scope: string[]
  content_date: string
  application_date: string
  end_date_visibility_restriction?: string
  end_date_account_restriction?: string
  end_date_service_restriction?: string
  source_type: string
  automated_detection: 'Yes' | 'No'
  automated_decision: 'AUTOMATED_DECISION_FULLY' | 'AUTOMATED_DECISION_PARTIALLY' | 'AUTOMATED_DECISION_NOT_AUTOMATED'
}

const visibility: Partial<Record<Act, string>> = {
  remove_post: 'CONTENT_REMOVED', mark_sensitive: 'CONTENT_LABELLED', limit_post: 'CONTENT_DEMOTED', adults_only: 'CONTENT_AGE_RESTRICTED', lock_thread: 'CONTENT_INTERACTION_RESTRICTED', hide_media: 'CONTENT_DISABLED', hide_links: 'CONTENT_DISABLED', erase_post: 'CONTENT_REMOVED', label: 'CONTENT_LABELLED', limit: 'CONTENT_DEMOTED', remove_avatar: 'CONTENT_REMOVED', refuse_avatar: 'CONTENT_DISABLED', remove_cover: 'CONTENT_REMOVED',
  clear_profile: 'CONTENT_REMOVED', freeze: 'CONTENT_DISABLED',
}
const accounts: Partial<Record<Act, 'SUSPENDED' | 'TERMINATED'>> = { suspend: 'SUSPENDED', freeze: 'SUSPENDED', delete_account: 'TERMINATED' }
/** Part of the service isn't there for them. */
const services = new Set<Act>(['cool_down', 'stop_media', 'stop_links', 'stop_replies'])
const day = (date: Date) => date.toISOString().slice(0, 10)
const cut = (text: string, most: number) => [...text].slice(0, most).join('')

/** Acts that restrict something, so that a statement of reasons is owed (DSA, Article 17(1)). */
export const isRestriction = (act: Act) => act in visibility || act in accounts || services.has(act)

/** The statement, or null where the act restricts nothing. `kinds`: what the content was, `ruleText`: the rule it stands on. */
export function dsaStatement(row: Pick<DecisionRow, 'id' | 'act' | 'ground' | 'law' | 'explanation' | 'facts' | 'category' | 'territory' | 'content_date' | 'created_at' | 'ends_at' | 'source_type' | 'detected_by_machine' | 'machine_share'>, ruleText: string, kinds: string[] = ['TEXT']): DsaStatement | null {
  if (!isRestriction(row.act)) return null
  const facts = categoryFacts(row.category)
  // In some countries only, nothing is removed and no account suspended: it is disabled there.
  const some = row.territory.length > 0
  const [seen, account] = [some ? 'CONTENT_DISABLED' : visibility[row.act], some ? undefined : accounts[row.act]]
  const service = services.has(row.act)
  const why = cut(row.explanation || row.facts, 2000)
  return {
    puid: `hearth-${row.id}`,
    ...seen ? { decision_visibility: [`DECISION_VISIBILITY_${seen}`] } : {}, ...account ? { decision_account: `DECISION_ACCOUNT_${account}` } : {}, ...service ? { decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION' } : {},
    ...row.ground === 'law'
      ? { decision_ground: 'DECISION_GROUND_ILLEGAL_CONTENT', illegal_content_legal_ground: cut(row.law, 500), illegal_content_explanation: why }
      : { decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT', incompatible_content_ground: cut(ruleText, 500), incompatible_content_explanation: why },
    decision_facts: cut(row.facts, 5000), content_type: (kinds.length ? kinds : ['OTHER']).map((kind) => `CONTENT_TYPE_${kind}`),
    category: `STATEMENT_CATEGORY_${facts.dsa}`, category_specification: [`KEYWORD_${facts.keyword}`], territorial_scope: row.territory,
    content_date: day(row.content_date ?? row.created_at), application_date: day(row.created_at),
    ...seen && row.ends_at ? { end_date_visibility_restriction: day(row.ends_at) } : {}, ...account && row.ends_at ? { end_date_account_restriction: day(row.ends_at) } : {}, ...service && row.ends_at ? { end_date_service_restriction: day(row.ends_at) } : {},
    source_type: `SOURCE_${row.source_type}`, automated_detection: row.detected_by_machine ? 'Yes' : 'No', automated_decision: `AUTOMATED_DECISION_${row.machine_share}`,
  }
}
