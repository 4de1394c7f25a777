-- Programs of the owner's that are told what happens here.
create table webhooks (
  id bigint primary key,
  url text not null,
  events text[] not null,
  sealed_secret bytea not null,
  sealed_former bytea,                     -- still signs, beside the new one, until former_until
  former_until timestamptz,
  all_audiences boolean not null default false, -- posts for followers too; never those for named people
  owner_id bigint not null references accounts (id) on delete cascade, -- what they may not see isn't told
  paused_at timestamptz,
  pause_reason text,                       -- 'owner', 'failing', 'notAllowed'
  failing_since timestamptz,
  created_at timestamptz not null
);
create table webhook_deliveries (
  id bigint primary key,
  webhook_id bigint not null references webhooks (id) on delete cascade,
  event text not null,
  event_key text not null,                 -- the same happening is told once
  payload jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  tries int not null default 0,
  status int,
  answer text not null default '',         -- the beginning of it
  error text,
  took_ms int,
  next_at timestamptz,
  tried_at timestamptz,
  created_at timestamptz not null,
  unique (webhook_id, event_key)
);
create index webhook_deliveries_log on webhook_deliveries (webhook_id, id desc);
create index webhook_deliveries_old on webhook_deliveries (created_at);
