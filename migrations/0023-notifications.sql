-- What a member's policy sets aside is kept, but not shown among the rest. A program of before shows it: no harm done.
alter table notifications add column filtered boolean not null default false;
alter table notifications drop constraint notifications_kind_check;
-- A wider list than before: every row there is fits, so none needs looking at.
alter table notifications add constraint notifications_kind_check
  check (kind in ('follow', 'follow_request', 'mention', 'reply', 'like', 'boost', 'poll', 'announcement', 'moderation', 'report', 'signup', 'post', 'edit', 'quote', 'quoted_update')) not valid;
create index notifications_sender on notifications (account_id, from_account_id, id desc) where dismissed_at is null;

create table notification_policies ( -- no row: the defaults
  account_id bigint primary key references accounts (id) on delete cascade,
  for_not_following text not null default 'accept' check (for_not_following in ('accept', 'filter', 'drop')),
  for_not_followers text not null default 'accept' check (for_not_followers in ('accept', 'filter', 'drop')),
  for_new_accounts text not null default 'accept' check (for_new_accounts in ('accept', 'filter', 'drop')),
  for_private_mentions text not null default 'accept' check (for_private_mentions in ('accept', 'filter', 'drop')),
  for_limited_accounts text not null default 'filter' check (for_limited_accounts in ('accept', 'filter', 'drop')),
  updated_at timestamptz not null default now()
);

create table notification_permissions ( -- senders whom no policy holds back any more
  account_id bigint not null references accounts (id) on delete cascade,
  from_account_id bigint not null references accounts (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (account_id, from_account_id)
);
create index notification_permissions_from on notification_permissions (from_account_id);

create table notification_requests ( -- one a sender of whom something was set aside
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  from_account_id bigint not null references accounts (id) on delete cascade,
  last_post_id bigint references posts (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (account_id, from_account_id)
);
create index notification_requests_newest on notification_requests (account_id, id desc);
create index notification_requests_from on notification_requests (from_account_id);
create index notification_requests_post on notification_requests (last_post_id) where last_post_id is not null;
