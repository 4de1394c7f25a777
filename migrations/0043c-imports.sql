-- Lists that a member brings along, worked through some lines at a time.
create table imports (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  kind text not null check (kind in ('following', 'muted', 'blocked', 'lists', 'bookmarks', 'filters')),
  rows int not null,
  done int not null default 0,
  found int not null default 0,     -- lines that were done as they say
  created_at timestamptz not null,
  finished_at timestamptz
);
create index imports_account on imports (account_id, id desc);
create index imports_old on imports (created_at);
-- A line that was found is gone once it is done; what wasn't stays for the report, with why.
create table import_rows (
  import_id bigint not null references imports (id) on delete cascade,
  position int not null,
  cells text[] not null,
  problem text,                     -- null: not done yet
  primary key (import_id, position)
);
