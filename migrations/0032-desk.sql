-- The desk: one queue of cases, what was decided as a statement of reasons, and objections to it.

-- A case is one thing that somebody has to look at. What is reported twice is one case with a counter.
create table cases (
  id bigint primary key,
  kind text not null check (kind in ('report', 'hold', 'appeal', 'signup', 'avatar', 'order', 'practice')),
  source text not null check (source in ('report', 'outside', 'screening', 'order', 'appeal', 'community', 'practice')),
  subject text not null,                   -- what a second one joins while the first is open: 'account:ID', 'post:ID', 'appeal:ID' …
  account_id bigint references accounts (id),
  category text not null default 'other',
  rule_id bigint references instance_rules (id),
  summary text not null default '',        -- what an engine or an authority says about it
  evidence jsonb,                          -- what was there when it came, whatever is deleted or changed later
  details jsonb not null default '{}',     -- what the kind needs besides: matches with their source, the template's fields …
  severity smallint not null default 1 check (severity between 0 and 4),
  reach int not null default 0,            -- people who may have seen it
  record real not null default 0.5,        -- how often its reporters were right, 0 … 1
  reports_count int not null default 0,
  clock text not null,                     -- which promise of time holds for it
  due_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'decided')),
  outcome text check (outcome in ('acted', 'dismissed', 'withdrawn')),
  decision_id bigint,
  claimed_by_id bigint references accounts (id) on delete set null,
  claimed_until timestamptz,
  handed_to_id bigint references accounts (id) on delete set null,
  proposal jsonb,                          -- what one moderator would do and a second one has to say yes to
  proposed_by_id bigint references accounts (id) on delete set null,
  proposed_at timestamptz,
  version int not null default 0,
  first_touched_at timestamptz,
  decided_by_id bigint references accounts (id) on delete set null,
  decided_at timestamptz,
  keep_until timestamptz,                  -- until then its evidence stays; null: while it is open
  created_at timestamptz not null default now()
);
create unique index cases_one_open on cases (kind, subject) where state = 'open';
create index cases_open on cases (due_at) where state = 'open';
create index cases_account on cases (account_id, id desc);
create index cases_decided on cases (id desc) where state = 'decided';
create index cases_kept on cases (keep_until) where keep_until is not null;

create table case_posts (
  case_id bigint not null references cases (id) on delete cascade,
  post_id bigint not null,
  primary key (case_id, post_id)
);
create index case_posts_post on case_posts (post_id);

-- What moderators say to each other about it, and what they and the person concerned (or who reported) say to each other.
create table case_words (
  id bigint primary key,
  case_id bigint not null references cases (id) on delete cascade,
  author_id bigint references accounts (id) on delete set null,
  from_staff boolean not null default true,
  room text not null check (room in ('staff', 'member', 'reporter')),
  with_id bigint references accounts (id) on delete cascade,  -- the one member who reads it, in the last two rooms
  text text not null,
  mentions bigint[] not null default '{}',
  created_at timestamptz not null default now()
);
create index case_words_case on case_words (case_id, id);

-- Files that evidence needs stay though their post, their member or their item go.
create table evidence_files (
  case_id bigint not null references cases (id) on delete cascade,
  media_id bigint not null,
  name text not null,
  mime text not null,
  sha256 bytea not null references files (sha256),
  primary key (case_id, media_id, name)
);
create index evidence_files_sha256 on evidence_files (sha256);

-- reports: what came in. One case gathers them.
alter table reports add column case_id bigint references cases (id);
alter table reports add column door text not null default 'rules' check (door in ('rules', 'illegal'));
alter table reports add column subjects text[] not null default '{}';   -- post, message, profile, avatar, cover
alter table reports add column law text not null default '';            -- which law the reporter thinks it breaks
alter table reports add column good_faith boolean not null default false;
alter table reports add column addresses text[] not null default '{}';  -- as an outsider wrote them
alter table reports add column contact_name text;
alter table reports add column contact_email text;
alter table reports add column locale text;
alter table reports add column token_hash bytea unique;                 -- of the address where an outsider sees what came of it
alter table reports add column invalid_at timestamptz;                  -- set aside with all others of a reporter in bad faith
create index reports_case on reports (case_id);

-- People who often report without ground: warned first, then not heard for a while.
create table reporter_pauses (
  account_id bigint primary key references accounts (id) on delete cascade,
  warned_at timestamptz,
  paused_until timestamptz,
  reason text not null default '',
  by_id bigint references accounts (id) on delete set null,
  updated_at timestamptz not null default now()
);

-- decisions: the fields of a statement of reasons (DSA, Article 17) in the shape of the transparency database.
alter table decisions drop constraint decisions_act_check;
alter table decisions add constraint decisions_act_check check (act in ('dismiss', 'remove_post', 'restore_post', 'mark_sensitive', 'unmark_sensitive', 'label', 'unlabel', 'warn', 'limit', 'unlimit', 'suspend', 'unsuspend', 'freeze', 'unfreeze', 'delete_account', 'remove_avatar', 'remove_cover', 'clear_profile', 'approve_avatar', 'refuse_avatar', 'overturn'));
alter table decisions add column case_id bigint references cases (id);
alter table decisions add column post_ids bigint[] not null default '{}';
alter table decisions add column category text not null default 'other';
alter table decisions add column law text not null default '';           -- the legal ground, where it stands on one
alter table decisions add column explanation text not null default '';   -- why the rule or the law applies
alter table decisions add column facts text not null default '';         -- the same without personal data
alter table decisions add column territory text[] not null default '{}'; -- countries; empty: everywhere
alter table decisions add column source_type text not null default 'VOLUNTARY';
alter table decisions add column detected_by_machine boolean not null default false;
alter table decisions add column machine_share text not null default 'NOT_AUTOMATED' check (machine_share in ('FULLY', 'PARTIALLY', 'NOT_AUTOMATED'));
alter table decisions add column content_date timestamptz;
alter table decisions add column before jsonb not null default '{}';     -- how it was, for the way back
alter table decisions add column label text not null default '';
alter table decisions add column proposed_by_id bigint references accounts (id);
alter table decisions add column alone boolean not null default false;   -- nobody else was there for the second look
alter table decisions add column strike smallint not null default 0;
alter table decisions add column strike_ends_at timestamptz;
alter table decisions add column undone_at timestamptz;                  -- taken back before it counted
create index decisions_case on decisions (case_id) where case_id is not null;
create index decisions_strikes on decisions (account_id, strike_ends_at) where strike > 0 and reversed_by_id is null and undone_at is null;

create table appeals (
  id bigint primary key,
  case_id bigint not null references cases (id),           -- its own place on the desk
  decision_id bigint references decisions (id),
  report_id bigint references reports (id),                -- of who reported and was turned down
  account_id bigint references accounts (id) on delete set null,
  text text not null,
  state text not null default 'open' check (state in ('open', 'upheld', 'overturned', 'withdrawn')),
  answer text not null default '',
  alone boolean not null default false,                    -- decided by the same person, as there is only one
  decided_by_id bigint references accounts (id) on delete set null,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  check ((decision_id is null) <> (report_id is null))
);
create unique index appeals_decision on appeals (decision_id) where decision_id is not null;
create unique index appeals_report on appeals (report_id) where report_id is not null;
create index appeals_account on appeals (account_id, id desc);

-- Frozen for an investigation: nobody sees it, nobody can delete anything of it.
alter table accounts add column frozen_at timestamptz;

-- Words that moderators use often. {name} and the like are filled in; what can't be filled stops the sending.
create table macros (
  id bigint primary key,
  title text not null,
  act text not null default '',
  rule_id bigint references instance_rules (id),
  text text not null,
  locale text not null default 'en',
  by_id bigint references accounts (id) on delete set null,
  removed_at timestamptz,
  created_at timestamptz not null default now()
);

-- How each moderator wants to work.
create table moderator_habits (
  account_id bigint primary key references accounts (id) on delete cascade,
  hard text[] not null default '{}',        -- hard categories they take on
  daily_hard int not null default 10 check (daily_hard between 0 and 1000),
  plain_media boolean not null default false,
  break_minutes int not null default 25 check (break_minutes between 0 and 480),
  updated_at timestamptz not null default now()
);
create table moderator_days (               -- what they looked at, for the limits and the breaks
  account_id bigint not null references accounts (id) on delete cascade,
  day date not null,
  case_id bigint not null references cases (id) on delete cascade,
  hard boolean not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (account_id, day, case_id)
);
-- Promises of time that the owner changed, in minutes.
create table case_clocks (
  clock text primary key,
  minutes int not null check (minutes between 5 and 43200)
);

-- What was reported before this migration stands on the desk as well.
insert into cases (id, kind, source, subject, account_id, category, rule_id, evidence, severity, reports_count, clock, due_at, state, outcome, decision_id, decided_by_id, decided_at, created_at)
  select r.id, 'report', 'report', 'report:' || r.id, r.account_id, r.category, r.rule_id, r.evidence, 2, 1, 'rules', r.created_at + interval '3 days',
    case when r.state = 'open' then 'open' else 'decided' end, case r.state when 'resolved' then 'acted' when 'dismissed' then 'dismissed' end, r.decision_id, r.decided_by_id, r.decided_at, r.created_at
  from reports r;
insert into case_posts (case_id, post_id) select report_id, post_id from report_posts on conflict do nothing;
update reports set case_id = id where case_id is null;
update decisions set case_id = report_id where report_id is not null;
update decisions set post_ids = array[post_id] where post_id is not null;
