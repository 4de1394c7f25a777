-- The pair of keys by which push services know this server: made once. Losing it ends every subscription.
create table push_keys (
  only_row boolean primary key default true check (only_row),
  public_key text not null,
  private_key text not null,
  created_at timestamptz not null default now()
);

create table push_subscriptions ( -- one an app's token, or a signed-in browser; it goes when they go
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  access_token_id bigint unique references access_tokens (id) on delete cascade,
  session_id bigint unique references sessions (id) on delete cascade,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  standard boolean not null default true,   -- RFC 8291; otherwise the draft that older apps read
  sealed_token bytea,                       -- the app's token, which its messages must carry, under a key outside the database
  alerts jsonb not null default '{}',       -- { mention: true, … }
  policy text not null default 'all' check (policy in ('all', 'followed', 'follower', 'none')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (num_nonnulls(access_token_id, session_id) = 1)
);
create index push_subscriptions_account on push_subscriptions (account_id);
