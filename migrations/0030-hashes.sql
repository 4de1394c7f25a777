-- Lists of fingerprints of known files, and what was found with them. None is delivered with Hearth: communities add the
-- lists they were given access to, and fill their own.
create table hash_lists (
  id bigint primary key,
  name text not null,
  -- where its entries come from; 'own' is filled by moderators, 'test' by the self-test, 'file' by hand
  source text not null default 'file' check (source in ('own', 'test', 'file', 'ncmec', 'stopncii', 'tat', 'threatexchange', 'hma')),
  category text not null default 'other' check (category in ('terrorism', 'child_safety', 'intimate_images', 'violence', 'hate', 'spam', 'other', 'test')),
  severity smallint not null default 2 check (severity between 0 and 4),
  opinion text not null default 'positive' check (opinion in ('positive', 'seed', 'negative', 'disputed')),
  enabled boolean not null default true,
  enabled_share real not null default 1 check (enabled_share between 0 and 1),
  -- The same bytes, or near to `near` bits, is answered by `action`; farther away by the weaker two; from `distance` on by nothing.
  action text not null default 'hold' check (action in ('quarantine', 'hold', 'flag', 'log')),
  action_middle text not null default 'hold' check (action_middle in ('quarantine', 'hold', 'flag', 'log')),
  action_far text not null default 'hold' check (action_far in ('quarantine', 'hold', 'flag', 'log')),
  near smallint not null default 10 check (near between 0 and 31),
  middle smallint not null default 20 check (middle between near and 31),
  distance smallint not null default 31 check (distance between 0 and 31),
  frame_share real not null default 0.8 check (frame_share > 0 and frame_share <= 1),
  -- How it is kept up to date, where its source is another machine.
  settings jsonb not null default '{}',
  credentials bytea,                       -- sealed
  checkpoint text,
  every_hours smallint not null default 6 check (every_hours between 1 and 720),
  state text not null default 'idle' check (state in ('idle', 'waiting', 'running')),
  last_error text,                         -- a stable code
  last_detail text not null default '',
  last_tried_at timestamptz,
  updated_at timestamptz,
  created_at timestamptz not null default now()
);
-- Those that the program itself fills: one for each category.
create unique index hash_lists_own on hash_lists (source, category) where source in ('own', 'test');

create table hash_entries (
  id bigint generated always as identity primary key,
  list_id bigint not null references hash_lists (id) on delete cascade,
  signal text not null check (signal in ('pdq', 'md5', 'sha256', 'sha1', 'video_md5', 'vpdq', 'tmk')),
  key bytea not null,                      -- the value itself up to 32 bytes; SHA-256 of it where it is longer
  body bytea,                              -- what is longer: frames of vPDQ one after the other, TMK as it came
  quality smallint check (quality between 0 and 100),
  tags text[] not null default '{}',
  opinion text check (opinion in ('positive', 'seed', 'negative', 'disputed')),
  confidence real check (confidence between 0 and 1),
  severity smallint check (severity between 0 and 4),
  source_id text,
  note text not null default '',           -- why a moderator added it
  media_id bigint,                         -- what it was taken from, in the community's own list; may be gone
  first_seen timestamptz not null default now(),
  expires_at timestamptz,
  withdrawn_at timestamptz,
  seen int not null default 0,
  judged_right int not null default 0,
  judged_wrong int not null default 0,
  batch_id bigint not null,
  unique (list_id, signal, key)
);
create index hash_entries_key on hash_entries (key);
create index hash_entries_batch on hash_entries (batch_id);
create index hash_entries_source on hash_entries (list_id, source_id) where source_id is not null;

-- The pictures of listed films.
create table hash_frames (
  entry_id bigint not null references hash_entries (id) on delete cascade,
  key bytea not null,
  primary key (entry_id, key)
);
create index hash_frames_key on hash_frames (key);

-- What was added and is not yet in the index file: every process looks here before it looks anything up.
create table hash_batches (
  id bigint primary key,
  entries int not null,
  created_at timestamptz not null default now()
);
create table hash_index (
  one boolean primary key default true check (one),
  generation bigint not null default 0,
  count int not null default 0,
  built_at timestamptz
);
insert into hash_index default values;

-- Each reading of a file or of another machine's list.
create table hash_imports (
  id bigint primary key,
  list_id bigint not null references hash_lists (id) on delete cascade,
  actor_id bigint,
  format text not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  lines int not null default 0,
  added int not null default 0,
  changed int not null default 0,
  withdrawn int not null default 0,
  refused int not null default 0,
  problems jsonb not null default '[]',    -- the first of them: [{ line, reason }]
  error text,
  started_at timestamptz not null default now(),
  ended_at timestamptz
);
create index hash_imports_list on hash_imports (list_id, id desc);
-- Lines that were read and are not taken over yet. Nothing of it is worth keeping after a crash.
create unlogged table hash_staging (
  import_id bigint not null,
  line int not null,
  signal text not null,
  key bytea not null,
  body bytea,
  quality smallint,
  tags text[] not null default '{}',
  opinion text,
  confidence real,
  severity smallint,
  source_id text,
  media_id bigint,
  note text not null default '',
  first_seen timestamptz,
  expires_at timestamptz,
  withdrawn boolean not null default false
);
create index hash_staging_import on hash_staging (import_id);

create table media_matches (
  id bigint primary key,
  media_id bigint not null references media (id) on delete cascade,
  entry_id bigint not null references hash_entries (id) on delete cascade,
  signal text not null,
  distance smallint,                       -- bits; null where the bytes are the same
  turn text,                               -- how the picture was held when it was found
  frame_share real,                        -- of a film's pictures
  quality smallint,
  action text not null check (action in ('quarantine', 'hold', 'flag', 'log')),
  by_sweep boolean not null default false,
  judged text check (judged in ('right', 'wrong')),
  judged_by bigint,
  judged_at timestamptz,
  created_at timestamptz not null default now(),
  unique (media_id, entry_id)
);
create index media_matches_entry on media_matches (entry_id);

-- Media whose fingerprints, all of them, were looked up.
create table media_checks (
  media_id bigint primary key references media (id) on delete cascade,
  checked_at timestamptz not null default now()
);

-- Looking through what is stored, after a list has grown. At most one runs and one waits.
create table hash_sweeps (
  id bigint primary key,
  state text not null check (state in ('waiting', 'running', 'done')),
  from_batch bigint,                       -- only what was added since; null: everything
  cursor bigint not null default 0,
  done int not null default 0,
  total int not null default 0,
  found int not null default 0,
  started_at timestamptz,
  ended_at timestamptz
);
create unique index hash_sweeps_one on hash_sweeps (state) where state <> 'done';
