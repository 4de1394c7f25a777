import { dsaStatement } from '#server/domain/moderation/index.ts'
import type { Act } from '#server/domain/moderation/index.ts'
import type { restrictions } from './csv-heads.ts'

const columns: Record<string, (typeof restrictions)[number]> = {
  DECISION_VISIBILITY_CONTENT_REMOVED: 'Visibility restriction Removal', DECISION_VISIBILITY_CONTENT_DISABLED: 'Visibility restriction Disable', DECISION_VISIBILITY_CONTENT_DEMOTED: 'Visibility restriction Demoted',
  DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED: 'Visibility restriction Age restricted', DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED: 'Visibility restriction Interaction restricted',
  DECISION_VISIBILITY_CONTENT_LABELLED: 'Visibility restriction Labelled', DECISION_PROVISION_PARTIAL_SUSPENSION: 'Provision of the service Suspension', DECISION_PROVISION_TERMINATION: 'Provision of the service Termination',
  DECISION_ACCOUNT_SUSPENDED: 'Account restriction Suspension', DECISION_ACCOUNT_TERMINATED: 'Account restriction Termination',
}

/** Under which column of the template an act is counted, as its own statement of reasons says; null where it restricts nothing. Of a frozen account: suspended. */
export function restrictionOf(act: Act): (typeof restrictions)[number] | null {
  const plain = { id: '0', ground: 'rule' as const, law: '', explanation: '', facts: '', category: 'other', territory: [], content_date: null, created_at: new Date(0), ends_at: null, source_type: 'VOLUNTARY', detected_by_machine: false, machine_share: 'NOT_AUTOMATED' as const }
  const statement = dsaStatement({ ...plain, act }, '') as { decision_account?: string; decision_provision?: string; decision_visibility?: string[] } | null
  const word = statement?.decision_account ?? statement?.decision_provision ?? statement?.decision_visibility?.[0]
  return word ? columns[word] ?? 'Visibility restriction Other' : null
}
