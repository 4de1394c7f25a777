-- Orders of authorities (EU 2021/784; DSA Article 9), the vault of sealed evidence, and what is told to whom.

-- An authority forbade to tell the person before.
alter table decisions add column quiet_until timestamptz;

-- How authorities reach this community: one row, made by whoever runs it.
create table legal_profile (
  one boolean primary key default true check (one),
  profile jsonb not null default '{}'
);

create table orders (
  id bigint primary key,
  kind text not null check (kind in ('terrorism', 'national')),
  test boolean not null default false,
  state text not null default 'open' check (state in ('open', 'stopped', 'complied', 'refused', 'withdrawn')),
  case_id bigint references cases (id),
  token_hash bytea not null unique,          -- of the address where the authority sees what came of it
  form jsonb not null,                       -- the template's fields as they came
  reference text not null,
  country text not null default '',          -- two letters, of the authority
  quiet boolean not null default false,      -- the author must not be told
  quiet_until timestamptz,
  quiet_extended boolean not null default false,
  received_at timestamptz not null,
  due_at timestamptz not null,
  alarmed int,                               -- the last alarm: minutes before the end
  confirmed_at timestamptz,                  -- the sender opened the link that went to their address
  checks jsonb not null default '{}',        -- what was done to be sure of the sender, by whom, when
  verified_at timestamptz,
  purpose text,                              -- education, journalism, art, research, countering, debate, none: asked before
  purpose_words text not null default '',
  stop_reason text check (stop_reason in ('force_majeure', 'manifest_errors', 'clarification')),
  stop_words text not null default '',
  stopped_at timestamptz,
  done_at timestamptz,
  done_by_id bigint references accounts (id) on delete set null,
  review_until timestamptz,                  -- the authority of the home country looks at a cross-border order
  review text check (review in ('asked', 'upheld', 'annulled')),
  reinstated_at timestamptz,
  final_at timestamptz                       -- nobody can challenge it any more; counts for 'exposed' (Article 5(4))
);
create index orders_open on orders (due_at) where state = 'open';
create table order_items (
  order_id bigint not null references orders (id) on delete cascade,
  position int not null,
  address text not null,
  account_id bigint references accounts (id),
  post_id bigint,
  decision_id bigint references decisions (id),
  primary key (order_id, position)
);
create index order_items_decision on order_items (decision_id) where decision_id is not null;
create table order_files (
  order_id bigint primary key references orders (id) on delete cascade,
  name text not null,
  mime text not null,
  bytes int not null,
  sealed bytea not null
);

-- Evidence apart from everything that is deleted: encrypted files beside the database, each with its clock.
create table vault_items (
  id bigint primary key,
  case_id bigint references cases (id),
  order_id bigint references orders (id),
  account_id bigint references accounts (id),
  category text not null,
  scope text not null check (scope in ('case', 'account')),
  state text not null default 'waiting' check (state in ('waiting', 'sealed', 'failed', 'destroyed')),
  error text not null default '',
  facts jsonb not null default '{}',         -- counts and sizes; nothing of what it holds
  sha256 bytea,                              -- of the sealed file
  bytes bigint,
  keep_until timestamptz not null,
  extended boolean not null default false,
  hold text not null default '',             -- a legal hold: by whose request
  by_id bigint references accounts (id) on delete set null,
  created_at timestamptz not null,
  sealed_at timestamptz,
  destroyed_at timestamptz
);
create unique index vault_items_case on vault_items (case_id) where scope = 'case' and state <> 'destroyed';
create index vault_items_kept on vault_items (keep_until) where state <> 'destroyed';
create table vault_openings (
  id bigint primary key,
  item_id bigint not null references vault_items (id),
  asked_by_id bigint not null references accounts (id),
  reason text not null,
  asked_at timestamptz not null,
  agreed_by_id bigint references accounts (id),
  agreed_at timestamptz,
  alone boolean not null default false,
  ends_at timestamptz
);
create index vault_openings_item on vault_openings (item_id, id desc);

-- What was told to a national body, a hotline or the police about a hard case.
create table escalations (
  id bigint primary key,
  case_id bigint not null references cases (id),
  duty text not null,                        -- which line of the table of duties
  fields jsonb not null default '{}',        -- of the report, as the body's form asks
  reference text not null default '',        -- the number the body gave
  told_at timestamptz,
  by_id bigint references accounts (id) on delete set null,
  created_at timestamptz not null
);
create index escalations_case on escalations (case_id);
