// How an existing distributed PostgreSQL (Citus, or one that takes the same words) would spread our tables. The test
// tests/scale/spread.test.ts holds it against the real tables; docs/scaling.md says when it is of use, and what is still missing.
import type pg from 'pg'

/**
 * A column: its rows live where that value's rows live. 'everywhere': small and read by all, a copy on each node.
 * 'one': on the coordinator alone. Of these a table belongs to a family: what has the same key in one family lies together, and joins there.
 */
export type Place = { key: string; family: 'account' | 'post' | 'media' | 'tag' | 'own' } | 'everywhere' | 'one'

const by = (family: 'account' | 'post' | 'media' | 'tag' | 'own', tables: Record<string, string[]>): Record<string, Place> =>
  Object.fromEntries(Object.entries(tables).flatMap(([key, names]) => names.map((name) => [name, { key, family }])))

export const places: Record<string, Place> = {
  // What belongs to one member lies with them; a post with who wrote it; a tie with whoever made it.
  ...by('account', {
    id: ['accounts'],
    author_id: ['posts'],
    follower_id: ['follows'],
    blocker_id: ['blocks'],
    muter_id: ['mutes'],
    owner_id: ['list_members'],
    account_id: [
      'likes', 'bookmarks', 'notifications', 'notification_requests', 'notification_permissions', 'notification_policies', 'notification_markers', 'home_markers', 'conversations', 'thread_mutes',
      'account_notes', 'endorsements', 'featured_tags', 'filters', 'hidden_phrases', 'lists', 'tag_follows', 'suggestion_dismissals', 'announcement_dismissals',
      'idempotency_keys', 'scheduled_posts', 'uploads', 'media_member_totals', 'poll_votes', 'push_subscriptions', 'passkeys', 'recovery_codes', 'screening_profiles', 'account_limits', 'trust',
    ],
  }),
  // What hangs on a post and is read with it.
  ...by('post', { post_id: ['post_edits', 'post_mentions', 'post_cards', 'quotes', 'screening_scores'] }),
  ...by('media', { id: ['media'], media_id: ['media_captions', 'media_checks', 'media_files', 'media_fingerprints', 'media_matches'] }),
  ...by('tag', { tag_id: ['post_tags', 'tag_days'] }),
  // Found by their own key, and joined with nothing large.
  ...by('own', {
    id: ['polls', 'cards', 'screening_hits'], webhook_id: ['webhook_deliveries'], poll_id: ['poll_options'], card_id: ['card_files'], sha256: ['files', 'media_made'], filter_id: ['filter_keywords', 'filter_posts'],
    url: ['screening_links'], account_id: ['credentials'], token_hash: ['sessions', 'access_tokens', 'refresh_tokens'],
  }),
  ...fixed('everywhere', [
    'instance_settings', 'instance_rules', 'instance_texts', 'announcements', 'announcement_reactions', 'custom_emojis', 'tags', 'oauth_apps', 'media_signing_keys', 'push_keys', 'storage', 'case_clocks', 'legal_profile', 'macros', 'media_rules',
    'trending_posts', 'trending_tags', 'trend_vetoes', 'screening_rules', 'screening_rule_versions', 'screening_lists', 'screening_entries', 'screening_state', 'trust_settings', 'withholdings',
  ]),
  // Tables that aren't named here stay on the coordinator, too. Few rows, few readers, or one order that all must share (the chained log; numbers of processes; limits).
  ...fixed('one', [
    'appeals', 'audit_log', 'case_posts', 'case_words', 'cases', 'decisions', 'escalations', 'evidence_files', 'hash_batches', 'hash_entries', 'hash_frames', 'hash_imports', 'hash_index', 'hash_lists', 'hash_staging', 'hash_sweeps',
    'invitations', 'media_counted', 'media_totals', 'migrations', 'moderator_days', 'moderator_habits', 'oauth_codes', 'one_time_tokens', 'order_files', 'order_items', 'orders', 'outbox_mails', 'processes', 'rate_limits', 'report_posts',
    'reporter_pauses', 'reports', 'screening_bands', 'screening_counts', 'screening_runs', 'screening_texts', 'vault_items', 'vault_openings', 'webhooks', 'health_community', 'health_facts', 'health_minutes',
  ]),
}

function fixed(place: 'everywhere' | 'one', names: string[]): Record<string, Place> {
  return Object.fromEntries(names.map((name) => [name, place]))
}

/** Unique among all rows today, among one key's rows afterwards; and why that will do, or what must be there first. */
export const uniqueNoMore: Record<string, string> = {
  id: 'ids are unique by how they are made (decision 7), not by an index',
  'accounts.username_key': 'needs a small table of names on the coordinator, written in the same transaction',
  'accounts.username_skeleton': 'needs that table of names as well',
  'credentials.email_key': 'needs a small table of addresses on the coordinator',
  'passkeys.credential_id': 'random, made by the member’s device',
  'push_subscriptions.access_token_id': 'a token is one account’s, and so is its subscription',
  'push_subscriptions.session_id': 'a session is one account’s, and so is its subscription',
  'media.key': 'random, made by the server',
  'cards.picture_key': 'random, made by the server',
  'cards.address': 'two processes may read one address at the same time and keep two cards',
  'list_members.list_id,account_id': 'a list is one owner’s, and so are its members',
  'polls.post_id': 'a post’s poll is made with the post, once',
}

type Constraint = { name: string; on: string; columns: string[]; primary: boolean; condition: string | null; constraint: boolean }
type Tie = { name: string; on: string; columns: string[]; to: string }

/** The statements that make these tables fit for being spread, and those that spread them. `lost`: what is unique no more, as `table.columns`. */
export async function spreading(client: pg.ClientBase): Promise<{ fit: string[]; spread: string[]; lost: string[] }> {
  const { rows: unique } = await client.query<Constraint>(`select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as on, i.indisprimary as primary, pg_get_expr(i.indpred, i.indrelid) as condition,
    exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u')) as constraint,
    array(select a.attname::text from unnest(i.indkey) with ordinality k(at, n) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.at order by k.n) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace s on s.oid = c.relnamespace where i.indisunique and s.nspname = 'public' order by 2, 1`)
  const { rows: ties } = await client.query<Tie>(`select k.conname as name, k.conrelid::regclass::text as on, k.confrelid::regclass::text as to,
    array(select a.attname::text from unnest(k.conkey) with ordinality x(at, n) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.at order by x.n) as columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace s on s.oid = c.relnamespace where k.contype = 'f' and s.nspname = 'public' order by 2, 1`)
  const fit: string[] = []
  const lost: string[] = []
  const spreadOf = (table: string) => { const place = places[table]; return typeof place === 'object' ? place : undefined }
  for (const { name, on, columns, to } of ties) {
    const [from, target] = [spreadOf(on), spreadOf(to)]
    if (!from && !target) continue
    if (from && places[to] === 'everywhere') continue
    // Only what lies together can be held together.
    if (from && target && from.family === target.family && from.family !== 'own' && columns.length === 1 && columns[0] === from.key && target.key === 'id') continue
    fit.push(`alter table ${on} drop constraint ${name};`)
  }
  for (const { name, on, columns, primary, condition, constraint } of unique) {
    const place = spreadOf(on)
    if (!place || columns.includes(place.key)) continue
    lost.push(`${on}.${columns.join(',')}`)
    const wide = [place.key, ...columns].join(', ')
    fit.push(constraint ? `alter table ${on} drop constraint ${name} cascade;` : `drop index ${name};`)
    fit.push(primary ? `alter table ${on} add primary key (${wide});` : `create unique index on ${on} (${wide})${condition ? ` where ${condition}` : ''};`)
    fit.push(`create index on ${on} (${columns.join(', ')});`)
  }
  const spread: string[] = []
  const first = new Map<string, string>()
  for (const [table, place] of Object.entries(places)) {
    if (place === 'everywhere') spread.push(`select create_reference_table('${table}');`)
    if (typeof place !== 'object') continue
    const group = place.family === 'own' ? 'none' : first.get(place.family)
    if (place.family !== 'own' && !first.has(place.family)) first.set(place.family, table)
    spread.push(`select create_distributed_table('${table}', '${place.key}'${group ? `, colocate_with => '${group}'` : ''});`)
  }
  return { fit, spread, lost }
}
