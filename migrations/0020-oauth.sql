-- Apps that speak for members: codes, refreshing, and tokens that members make for their own scripts.
alter table oauth_apps add column confidential boolean not null default true;  -- false: its secret can't be kept, so it must bring a PKCE challenge
alter table oauth_apps add column refreshes boolean not null default false;    -- asked for tokens that end and are made anew
alter table oauth_apps add column owner_id bigint references accounts (id) on delete cascade; -- a member's own script; null for apps
alter table oauth_apps add column last_used_on date;                           -- the day is enough
alter table access_tokens add column expires_at timestamptz;                   -- null: until revoked
create index access_tokens_app on access_tokens (app_id);
create index access_tokens_revoked on access_tokens (revoked_at) where revoked_at is not null;
create index oauth_apps_owner on oauth_apps (owner_id) where owner_id is not null;

create table oauth_codes ( -- what a member's yes is exchanged by: once, within minutes
  code_hash bytea primary key,
  app_id bigint not null references oauth_apps (id) on delete cascade,
  account_id bigint not null references accounts (id) on delete cascade,
  scopes text not null,
  redirect_uri text not null,
  challenge text,                                                              -- PKCE, S256
  access_token_id bigint references access_tokens (id) on delete cascade,      -- what it became: revoked when the code comes again
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index oauth_codes_app on oauth_codes (app_id);
create index oauth_codes_account on oauth_codes (account_id);
create index oauth_codes_token on oauth_codes (access_token_id);
create index oauth_codes_ended on oauth_codes (expires_at);

create table refresh_tokens ( -- each works once; one that comes again ends its access token
  token_hash bytea primary key,
  access_token_id bigint not null references access_tokens (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_token on refresh_tokens (access_token_id);
