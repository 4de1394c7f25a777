-- Where new media goes. The settings say how to reach each place, this row which one it is.
create table storage (
  only_row boolean primary key default true check (only_row),
  home text not null default 'disk' check (home in ('disk', 's3')),
  changed_at timestamptz not null default now()
);
insert into storage default values;

-- The same bytes are kept once, named by their hash. Who needs a file has a row in media_files: nothing is counted, so nothing can be miscounted.
create table files (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  bytes bigint not null,
  created_at timestamptz not null default now(),
  wanted_at timestamptz not null default now()  -- somebody was about to need it; only what nobody wanted for hours is swept
);
create index files_wanted on files (wanted_at);

create table media_files (
  media_id bigint not null references media (id) on delete cascade,
  name text not null,                           -- as in media.variants, or 'original'
  sha256 bytea not null references files (sha256),
  primary key (media_id, name)
);
create index media_files_sha256 on media_files (sha256);

-- When its files went into `files`; null while they lie in a folder of their own, as they come and as former versions kept them.
alter table media add column stored_at timestamptz;
alter table media add column attempts int not null default 0;
create index media_unstored on media (id) where stored_at is null;
create index media_failed on media (id) where state = 'failed';
create index media_processed on media (id) where state = 'ready';

-- What was made of an original: the same one again needs no work.
create table media_made (
  sha256 bytea not null,
  purpose text not null,
  version int not null,                         -- of the program that made it
  made jsonb not null,
  files jsonb not null,                         -- { name: sha256 in hex }
  primary key (sha256, purpose, version)
);

-- Addresses of media that isn't everybody's are signed with the newest; older ones are believed for a while.
create table media_signing_keys (
  id bigint generated always as identity primary key,
  secret bytea not null,
  created_at timestamptz not null default now()
);

-- Counted now and then, for the owner's page.
create table media_totals (
  month date not null,
  kind text not null,
  part text not null,                           -- 'original', 'still', 'play', 'other'
  files int not null,
  bytes bigint not null,
  primary key (month, kind, part)
);
create table media_member_totals (
  account_id bigint primary key references accounts (id) on delete cascade,
  items int not null,
  bytes bigint not null
);
create table media_counted (
  only_row boolean primary key default true check (only_row),
  counted_at timestamptz not null,
  distinct_files int not null,
  distinct_bytes bigint not null
);

-- What may go from old posts to save room; null: everything stays.
create table media_rules (
  what text primary key check (what in ('originals', 'avif', 'film', 'sound')),
  months int check (months between 1 and 1200),
  state text not null default 'idle' check (state in ('idle', 'waiting', 'running')),
  done int not null default 0,
  total int not null default 0,
  freed bigint not null default 0,
  ran_at timestamptz
);
