-- Screening: what members write and show is looked at by rules before anybody sees it. Rules and lists are data.

-- One row: raised with every change of rules, lists or settings, so that each process knows when what it keeps ready is old.
create table screening_state (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 1,
  settings jsonb not null default '{}'
);
insert into screening_state default values;

create table screening_rules (
  id bigint primary key,
  key text unique,                          -- of those that ship; null: the community's own
  position int not null,
  name text not null,
  note text not null default '',
  state text not null default 'count' check (state in ('off', 'count', 'on')),
  definition jsonb not null,                -- { subjects, when, outcome, category }, see src/server/domain/screening/rule.ts
  version int not null default 1,
  removed_at timestamptz,
  updated_at timestamptz not null default now()
);
create table screening_rule_versions (
  rule_id bigint not null references screening_rules (id) on delete cascade,
  version int not null,
  name text not null,
  note text not null,
  position int not null,
  state text not null,
  definition jsonb not null,
  why text not null default '',
  by_id bigint references accounts (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (rule_id, version)
);
-- How often each rule answered, and how often a person agreed later. By the day, so that it stays small.
create table screening_counts (
  rule_id bigint not null references screening_rules (id) on delete cascade,
  day date not null,
  fired int not null default 0,
  judged_right int not null default 0,
  judged_wrong int not null default 0,
  primary key (rule_id, day)
);

-- Which rule answered on whom. Kept for half a year.
create table screening_hits (
  id bigint primary key,
  rule_id bigint not null references screening_rules (id) on delete cascade,
  rule_version int not null,
  account_id bigint references accounts (id) on delete cascade,
  post_id bigint,
  media_id bigint,
  subject text not null,
  outcome text not null,                    -- what the rule wanted
  acted boolean not null,                   -- false: it only counts, or a stronger one won
  reasons jsonb not null default '[]',
  case_id bigint,
  judged text check (judged in ('right', 'wrong')),
  created_at timestamptz not null default now()
);
create index screening_hits_rule on screening_hits (rule_id, id desc);
create index screening_hits_account on screening_hits (account_id, id desc);
create index screening_hits_post on screening_hits (post_id) where post_id is not null;
create index screening_hits_case on screening_hits (case_id) where case_id is not null;

-- Lists of words and of links.
create table screening_lists (
  id bigint primary key,
  kind text not null check (kind in ('words', 'links')),
  name text not null,
  note text not null default '',
  language text,                            -- words: only in posts of this language, or in all
  category text not null default 'rule',
  enabled boolean not null default true,
  removed_at timestamptz,
  created_at timestamptz not null default now()
);
create table screening_entries (
  id bigint primary key,
  list_id bigint not null references screening_lists (id) on delete cascade,
  value text not null,
  how text not null check (how in ('whole', 'inside', 'pattern', 'domain', 'url')),
  exact boolean not null default false,     -- words: as written, but for case; otherwise whatever form it takes
  action text not null default 'block' check (action in ('block', 'warn', 'allow')),
  added_at timestamptz not null default now(),
  unique (list_id, how, value)
);

-- What public texts look like, for a week: so that the same text from several accounts is noticed. Nothing of it is worth keeping after a crash.
create unlogged table screening_texts (
  id bigint primary key,                    -- the post
  account_id bigint not null,
  signature bytea not null,
  at timestamptz not null
);
create index screening_texts_at on screening_texts (at);
create unlogged table screening_bands (
  band bigint not null,
  at timestamptz not null,
  text_id bigint not null,
  primary key (band, at, text_id)
);
create index screening_bands_at on screening_bands (at);

-- Where links lead in the end.
create table screening_links (
  url text primary key,
  chain text[] not null default '{}',
  error text,
  checked_at timestamptz not null
);
create index screening_links_checked on screening_links (checked_at);

-- What a classifier elsewhere said about a post.
create table screening_scores (
  post_id bigint primary key references posts (id) on delete cascade,
  scores jsonb not null default '{}',
  waits boolean not null default false,     -- the post is held for this alone
  at timestamptz not null
);

-- A rule tried on what was posted before it acts.
create table screening_runs (
  id bigint primary key,
  rule_id bigint references screening_rules (id) on delete cascade,
  name text not null,
  definition jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  since timestamptz not null,
  cursor bigint not null default 0,
  done int not null default 0,
  total int not null default 0,
  found int not null default 0,
  sample jsonb not null default '[]',       -- the newest of them: [{ postId, reasons }]
  by_id bigint references accounts (id) on delete set null,
  started_at timestamptz not null,
  ended_at timestamptz
);
create index screening_runs_rule on screening_runs (rule_id, id desc);

-- waiting: nobody sees it before it was looked at · held: not until a person has looked · sealed: nobody at all, kept as evidence
alter table media add column screening text not null default 'clear' check (screening in ('waiting', 'clear', 'held', 'sealed'));
create trigger tell_screening after update of screening on media for each row when (old.screening is distinct from new.screening) execute function tell_media();

-- limited: whoever follows the author sees it, the community's lists don't show it.
alter table posts add column limited boolean not null default false;
create trigger tell_limited after update of limited on posts for each row when (old.limited is distinct from new.limited) execute function tell_everything();

create index accounts_invited_by on accounts (invited_by_id) where invited_by_id is not null;

-- A profile that waits for a person: what the member wants it to say.
create table screening_profiles (
  account_id bigint primary key references accounts (id) on delete cascade,
  change jsonb not null,
  case_id bigint,
  created_at timestamptz not null
);

-- The rules that ship. Those where a false alarm would hurt only count until somebody switches them on.
insert into screening_rules (id, key, position, name, note, state, definition) values
  (1, 'test', 10, 'Test sentence', 'The harmless sentence of docs/screening.md: shows that screening works.', 'on',
    '{"subjects":["post","edit","message","profile","media","list"],"when":{"all":[{"signal":"test"}]},"outcome":"hold","category":"spam"}'),
  (2, 'hash-quarantine', 20, 'Listed media, gravest lists', 'Terrorism, child abuse, intimate images: nobody sees it, it is kept as evidence.', 'on',
    '{"subjects":["post","edit","message","profile","media"],"when":{"all":[{"signal":"hash","action":"quarantine"}]},"outcome":"quarantine","category":"other"}'),
  (3, 'hash-hold', 30, 'Listed media that a person should see first', '', 'on',
    '{"subjects":["post","edit","message","profile","media"],"when":{"all":[{"signal":"hash","action":"hold"}]},"outcome":"hold","category":"other"}'),
  (4, 'hash-flag', 40, 'Listed media worth a look', '', 'on',
    '{"subjects":["post","edit","message","profile","media"],"when":{"all":[{"signal":"hash","action":"flag"}]},"outcome":"flag","category":"other"}'),
  (5, 'link-block', 50, 'Link to a listed site', 'Sites on a list of links with the action “block”.', 'on',
    '{"subjects":["post","edit","message","profile","media"],"when":{"all":[{"signal":"linked","action":"block"}]},"outcome":"refuse","category":"spam"}'),
  (6, 'link-warn', 60, 'Link to a site worth a look', 'Sites on a list of links with the action “warn”.', 'on',
    '{"subjects":["post","edit","profile"],"when":{"all":[{"signal":"linked","action":"warn"}]},"outcome":"flag","category":"spam"}'),
  (7, 'newcomer-link-again', 70, 'Newcomer repeats a link', 'An account younger than a day posts nearly the same text with a link for the third time.', 'on',
    '{"subjects":["post","edit","message"],"when":{"all":[{"signal":"age","below":24},{"signal":"links","atLeast":1},{"signal":"repeats","atLeast":2},{"signal":"trust","below":2}]},"outcome":"hold","category":"spam"}'),
  (8, 'same-text', 80, 'Same text from several accounts', 'Nearly the same long text from three other accounts within a day, by somebody new.', 'on',
    '{"subjects":["post","edit"],"when":{"all":[{"signal":"duplicates","atLeast":3},{"signal":"trust","below":2}]},"outcome":"limit","category":"spam"}'),
  (9, 'newcomer-mentions', 90, 'Newcomer names many people', '', 'count',
    '{"subjects":["post","edit","message"],"when":{"all":[{"signal":"age","below":24},{"signal":"mentions","atLeast":8},{"signal":"trust","below":2}]},"outcome":"hold","category":"spam"}'),
  (10, 'newcomer-pace', 100, 'Newcomer posts very quickly', '', 'count',
    '{"subjects":["post"],"when":{"all":[{"signal":"age","below":24},{"signal":"pace","atLeast":15}]},"outcome":"limit","category":"spam"}'),
  (11, 'words-flag', 110, 'Listed words', 'Words and patterns of any list: somebody looks, nothing is hidden.', 'count',
    '{"subjects":["post","edit","profile","media"],"when":{"all":[{"signal":"words"}]},"outcome":"flag","category":"rule"}'),
  (12, 'tricky-link', 120, 'Link that hides where it leads', 'A name before the address’s @, or letters that imitate another site’s name, by somebody new.', 'count',
    '{"subjects":["post","edit","message","profile"],"when":{"all":[{"signal":"trick"},{"signal":"trust","below":2}]},"outcome":"hold","category":"spam"}'),
  (13, 'after-decisions', 130, 'Decided against three times in half a year', '', 'count',
    '{"subjects":["post","edit"],"when":{"all":[{"signal":"upheld","atLeast":3},{"signal":"links","atLeast":1}]},"outcome":"hold","category":"rule"}');
insert into screening_rule_versions (rule_id, version, name, note, position, state, definition) select id, 1, name, note, position, state, definition from screening_rules;

-- Tiny lists with made-up words and addresses that nobody can own, to show the form.
insert into screening_lists (id, kind, name, note, category) values
  (1, 'words', 'Demonstration words', 'Made-up words that mean nothing. Import a real list for your languages.', 'rule'),
  (2, 'links', 'Demonstration sites', 'Addresses below .example belong to nobody. Import a real list.', 'spam');
insert into screening_entries (id, list_id, value, how, action) values
  (1, 1, 'glorpnak', 'inside', 'block'), (2, 1, 'zibblefrox', 'whole', 'block'), (3, 1, 'زغملوط', 'whole', 'block'), (4, 1, 'мразюкль', 'whole', 'block'),
  (5, 2, 'listed-site.example', 'domain', 'block'), (6, 2, 'doubtful-site.example', 'domain', 'warn');
