-- How far each member is trusted: earned by taking part, lowered by decisions, pinned by whoever runs the place.
alter table accounts add column came_by text check (came_by in ('open', 'approval', 'invitation'));  -- null: made by whoever runs the place, or from before this was written down
alter table accounts add column read_days int not null default 0;   -- on how many days they were here
alter table accounts add column last_read_on date;
-- Nobody who is here already begins anew: they were here at least on the days on which they wrote.
update accounts set read_days = greatest(1, least(posts_count, now()::date - created_at::date)) where posts_count > 0;

create table trust (
  account_id bigint primary key references accounts (id) on delete cascade,
  level smallint not null check (level between 0 and 4),
  pinned smallint check (pinned between 0 and 4),
  pinned_by_id bigint references accounts (id) on delete set null,
  pinned_why text not null default '',
  held_until timestamptz,     -- as the newest until then
  branch_until timestamptz,   -- whom they invite until then begins as the newest
  changed_at timestamptz not null,
  checked_at timestamptz not null
);
create index trust_checked on trust (checked_at) where level < 3;
create table trust_settings (one boolean primary key default true check (one), settings jsonb not null default '{}');
insert into trust_settings default values;
