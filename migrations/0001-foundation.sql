-- The first schema. Ids are time-sorted bigints made by the program (src/server/platform/ids).
-- Files here are append-only: never edit one that has been released.

create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- unaccent() is only 'stable'; indexes need an immutable wrapper that names its dictionary.
create function search_fold(value text) returns text
  language sql immutable parallel safe strict
  return lower(public.unaccent('public.unaccent'::regdictionary, value));

-- instance ------------------------------------------------------------------------------------

create table instance_settings (
  only_row boolean primary key default true check (only_row),
  settings jsonb not null default '{}',
  set_up_at timestamptz,
  set_up_token_hash bytea,
  updated_at timestamptz not null default now()
);
insert into instance_settings default values;

create table instance_rules (
  id bigint primary key,
  position int not null,
  text text not null,
  hint text not null default '',
  translations jsonb not null default '{}',
  removed_at timestamptz
);

create table announcements (
  id bigint primary key,
  text text not null,
  html text not null,
  translations jsonb not null default '{}', -- { "ar": { "text": …, "html": … } }
  emphasised boolean not null default false,
  starts_at timestamptz,
  ends_at timestamptz,
  published_at timestamptz,
  author_id bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table outbox_mails ( -- every mail that was made; without SMTP the owner reads it here
  id bigint primary key,
  to_address text not null,
  subject text not null,
  body_text text not null,
  body_html text,
  kind text not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'kept')),
  error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index outbox_mails_newest on outbox_mails (id desc);

-- accounts ------------------------------------------------------------------------------------

create type account_role as enum ('member', 'moderator', 'admin', 'owner');
create type account_state as enum ('pending', 'active', 'limited', 'suspended', 'deleted');

create table accounts (
  id bigint primary key,
  username text not null,
  username_key text not null unique,      -- case-folded; what must be unique
  username_skeleton text not null,        -- look-alike form, see accounts/username.ts
  display_name text not null default '',
  bio text not null default '',
  bio_html text not null default '',
  fields jsonb not null default '[]',     -- up to four { name, value, html }
  role account_role not null default 'member',
  state account_state not null default 'active',
  suspended_until timestamptz,
  locked boolean not null default false,  -- follow requests must be approved
  discoverable boolean not null default true,
  bot boolean not null default false,
  locale text not null default 'en',
  default_audience text not null default 'members',
  default_language text,
  preferences jsonb not null default '{}',
  avatar_media_id bigint,
  avatar_state text not null default 'none' check (avatar_state in ('none', 'pending', 'shown', 'refused')),
  cover_media_id bigint,
  join_reason text,
  invited_by_id bigint references accounts (id),
  invitation_id bigint,
  posts_count int not null default 0,
  followers_count int not null default 0,
  following_count int not null default 0,
  last_post_at timestamptz,
  onboarded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index accounts_skeleton on accounts (username_skeleton) where state <> 'deleted';
create index accounts_search on accounts using gin (search_fold(username || ' ' || display_name) gin_trgm_ops);
create index accounts_newest on accounts (id desc) where state = 'active';
create index accounts_pending on accounts (id) where state = 'pending';

-- sessions ------------------------------------------------------------------------------------

create table credentials ( -- one row a person who can sign in
  account_id bigint primary key references accounts (id) on delete cascade,
  email text,
  email_key text unique,
  email_confirmed_at timestamptz,
  password_hash text,
  totp_secret text,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  consented_at timestamptz,
  password_changed_at timestamptz not null default now()
);

create table sessions (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  token_hash bytea not null unique,
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  authenticated_at timestamptz not null default now(), -- for acts that need a recent log-in
  expires_at timestamptz not null
);
create index sessions_account on sessions (account_id);

create table passkeys (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null default 0,
  transports text[] not null default '{}',
  name text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkeys_account on passkeys (account_id);

create table recovery_codes (
  account_id bigint not null references accounts (id) on delete cascade,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (account_id, code_hash)
);

create table one_time_tokens ( -- mail confirmation, password reset, log-in challenges
  token_hash bytea primary key,
  account_id bigint references accounts (id) on delete cascade,
  purpose text not null,
  data jsonb not null default '{}',
  expires_at timestamptz not null,
  used_at timestamptz
);

create table oauth_apps (
  id bigint primary key,
  client_id text not null unique,
  client_secret_hash bytea not null,
  name text not null,
  website text,
  redirect_uris text[] not null default '{}',
  scopes text not null,
  created_at timestamptz not null default now()
);

create table access_tokens (
  id bigint primary key,
  token_hash bytea not null unique,
  app_id bigint references oauth_apps (id) on delete cascade,
  account_id bigint references accounts (id) on delete cascade,
  scopes text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index access_tokens_account on access_tokens (account_id);

create unlogged table rate_limits ( -- shared by all processes; may be lost in a crash
  key text primary key,
  used int not null,
  resets_at timestamptz not null
);

-- relationships -------------------------------------------------------------------------------

create table follows (
  follower_id bigint not null references accounts (id) on delete cascade,
  followed_id bigint not null references accounts (id) on delete cascade,
  state text not null default 'accepted' check (state in ('requested', 'accepted')),
  show_boosts boolean not null default true,
  notify boolean not null default false,
  created_at timestamptz not null default now(),
  id bigint not null unique,
  primary key (follower_id, followed_id),
  check (follower_id <> followed_id)
);
create index follows_followed on follows (followed_id, id desc) include (follower_id, state);
create index follows_follower on follows (follower_id, id desc) include (followed_id, state);

create table blocks (
  blocker_id bigint not null references accounts (id) on delete cascade,
  blocked_id bigint not null references accounts (id) on delete cascade,
  id bigint not null unique,
  created_at timestamptz not null default now(),
  primary key (blocker_id, blocked_id)
);
create index blocks_blocked on blocks (blocked_id, blocker_id);

create table mutes (
  muter_id bigint not null references accounts (id) on delete cascade,
  muted_id bigint not null references accounts (id) on delete cascade,
  hide_notifications boolean not null default true,
  expires_at timestamptz,
  id bigint not null unique,
  created_at timestamptz not null default now(),
  primary key (muter_id, muted_id)
);

create table hidden_phrases ( -- words and tags a member does not want to see
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  phrase text not null,
  whole_word boolean not null default true,
  action text not null default 'hide' check (action in ('hide', 'warn')),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  unique (account_id, phrase)
);

-- media ---------------------------------------------------------------------------------------

create table media (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  kind text not null check (kind in ('image', 'animation', 'video', 'audio')),
  purpose text not null default 'post' check (purpose in ('post', 'avatar', 'cover', 'instance')),
  state text not null default 'queued' check (state in ('queued', 'processing', 'ready', 'failed')),
  progress real not null default 0,        -- 0 … 1 while processing
  error text,                              -- a stable code when state = 'failed'
  key text not null unique,                -- unguessable folder of its files in storage
  original_name text not null default '',
  original_bytes bigint not null default 0,
  original_mime text not null,
  sha256 bytea,
  width int, height int,
  duration real,                           -- seconds
  thumbhash bytea,
  colour text,                             -- dominant, '#rrggbb'
  description text not null default '',    -- alt text
  focus_x real not null default 0, focus_y real not null default 0,
  tags jsonb not null default '{}',        -- music: { title, artist, album }
  waveform smallint[],                     -- 0 … 100, about 200 peaks
  variants jsonb not null default '[]',    -- [{ name, mime, width, height, bytes, file }]
  post_id bigint,
  position int not null default 0,
  created_at timestamptz not null default now(),
  processed_at timestamptz
);
create index media_post on media (post_id, position) where post_id is not null;
create index media_unattached on media (created_at) where post_id is null and purpose = 'post';
create index media_account on media (account_id, id desc);

-- invitations ---------------------------------------------------------------------------------

create table invitations (
  id bigint primary key,
  code text not null unique,
  inviter_id bigint not null references accounts (id) on delete cascade,
  note text not null default '',
  max_uses int,
  uses int not null default 0,
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index invitations_inviter on invitations (inviter_id, id desc);

-- posts ---------------------------------------------------------------------------------------

create type audience as enum ('public', 'members', 'followers', 'mentioned');

create table posts (
  id bigint primary key,
  author_id bigint not null references accounts (id) on delete cascade,
  audience audience not null,
  text text not null default '',
  html text not null default '',
  warning text not null default '',           -- content warning
  sensitive boolean not null default false,
  language text,
  reply_to_id bigint,
  reply_to_author_id bigint,
  thread_id bigint,                            -- the first post of the thread; itself for a start
  boost_of_id bigint references posts (id) on delete cascade,
  poll_id bigint,
  media_count smallint not null default 0,
  media_kinds text[] not null default '{}',
  state text not null default 'published' check (state in ('processing', 'published', 'held', 'removed')),
  replies_count int not null default 0,
  likes_count int not null default 0,
  boosts_count int not null default 0,
  pinned_at timestamptz,
  edited_at timestamptz,
  deleted_at timestamptz,                      -- gone for everyone at once, purged later
  app_name text,
  created_at timestamptz not null default now(),
  search tsvector generated always as (to_tsvector('simple', search_fold(warning || ' ' || text))) stored
);
create index posts_author on posts (author_id, id desc) include (audience, boost_of_id, reply_to_id, reply_to_author_id) where deleted_at is null and state = 'published';
create index posts_waiting on posts (author_id, id desc) where deleted_at is null and state in ('processing', 'held');
create index posts_community on posts (id desc) where deleted_at is null and state = 'published' and boost_of_id is null and reply_to_id is null and audience in ('public', 'members');
create index posts_thread on posts (thread_id, id) where deleted_at is null;
create index posts_replies on posts (reply_to_id, id) where reply_to_id is not null and deleted_at is null;
create unique index posts_one_boost_each on posts (boost_of_id, author_id) where boost_of_id is not null and deleted_at is null;
create index posts_search on posts using gin (search) where deleted_at is null and boost_of_id is null;
create index posts_text_trgm on posts using gin (search_fold(text) gin_trgm_ops) where deleted_at is null and boost_of_id is null;
create index posts_pinned on posts (author_id, pinned_at desc) where pinned_at is not null and deleted_at is null;
create index posts_media on posts (author_id, id desc) where media_count > 0 and deleted_at is null and state = 'published';

create table post_edits ( -- every version, the first one included, once a post is edited
  id bigint primary key,
  post_id bigint not null references posts (id) on delete cascade,
  text text not null,
  html text not null,
  warning text not null,
  sensitive boolean not null,
  media jsonb not null default '[]',
  poll_options jsonb,
  created_at timestamptz not null
);
create index post_edits_post on post_edits (post_id, id);

create table post_mentions (
  post_id bigint not null references posts (id) on delete cascade,
  account_id bigint not null references accounts (id) on delete cascade,
  primary key (post_id, account_id)
);
create index post_mentions_account on post_mentions (account_id, post_id desc);

create table tags (
  id bigint primary key,
  name text not null unique,              -- folded: what is compared
  display_name text not null,             -- as first written
  hidden_at timestamptz,                  -- taken out of trends by a moderator
  created_at timestamptz not null default now()
);
create index tags_search on tags using gin (search_fold(name) gin_trgm_ops);

create table post_tags (
  tag_id bigint not null references tags (id) on delete cascade,
  post_id bigint not null references posts (id) on delete cascade,
  author_id bigint not null,
  primary key (tag_id, post_id)
);
create index post_tags_post on post_tags (post_id);
create index post_tags_newest on post_tags (tag_id, post_id desc);

create table tag_follows (
  account_id bigint not null references accounts (id) on delete cascade,
  tag_id bigint not null references tags (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (account_id, tag_id)
);

create table polls (
  id bigint primary key,
  post_id bigint not null unique references posts (id) on delete cascade deferrable initially deferred,
  multiple boolean not null default false,
  hide_totals boolean not null default false,
  ends_at timestamptz not null,
  voters_count int not null default 0,
  ended_told_at timestamptz
);
create index polls_ending on polls (ends_at) where ended_told_at is null;
create table poll_options (
  poll_id bigint not null references polls (id) on delete cascade,
  position smallint not null,
  title text not null,
  votes_count int not null default 0,
  primary key (poll_id, position)
);
create table poll_votes (
  poll_id bigint not null references polls (id) on delete cascade,
  account_id bigint not null references accounts (id) on delete cascade,
  position smallint not null,
  created_at timestamptz not null default now(),
  primary key (poll_id, account_id, position)
);

create table likes (
  account_id bigint not null references accounts (id) on delete cascade,
  post_id bigint not null references posts (id) on delete cascade,
  id bigint not null unique,
  created_at timestamptz not null default now(),
  primary key (account_id, post_id)
);
create index likes_post on likes (post_id, id desc);
create index likes_account on likes (account_id, id desc);

create table bookmarks (
  account_id bigint not null references accounts (id) on delete cascade,
  post_id bigint not null references posts (id) on delete cascade,
  id bigint not null unique,
  created_at timestamptz not null default now(),
  primary key (account_id, post_id)
);
create index bookmarks_account on bookmarks (account_id, id desc);

create table idempotency_keys (
  account_id bigint not null references accounts (id) on delete cascade,
  key text not null,
  post_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (account_id, key)
);

create table custom_emojis (
  id bigint primary key,
  shortcode text not null unique,
  media_id bigint not null references media (id),
  category text not null default '',
  disabled_at timestamptz,
  created_at timestamptz not null default now()
);

-- discovery -----------------------------------------------------------------------------------

create table tag_days ( -- derived: distinct people and posts a tag and day
  tag_id bigint not null references tags (id) on delete cascade,
  day date not null,
  people int not null,
  posts int not null,
  primary key (tag_id, day)
);
create index tag_days_day on tag_days (day, people desc);

create table trending_tags (  -- derived every few minutes
  tag_id bigint primary key references tags (id) on delete cascade,
  score real not null,
  people int not null,
  days int[] not null,            -- people on each of the last seven days, oldest first
  computed_at timestamptz not null
);
create table trending_posts (
  post_id bigint primary key references posts (id) on delete cascade,
  score real not null,
  computed_at timestamptz not null
);
create table trend_vetoes (     -- posts that a moderator took out of trends
  post_id bigint primary key references posts (id) on delete cascade,
  moderator_id bigint not null,
  created_at timestamptz not null default now()
);
create table suggestion_dismissals (
  account_id bigint not null references accounts (id) on delete cascade,
  dismissed_id bigint not null references accounts (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (account_id, dismissed_id)
);
create table announcement_dismissals (
  account_id bigint not null references accounts (id) on delete cascade,
  announcement_id bigint not null references announcements (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (account_id, announcement_id)
);

-- notifications -------------------------------------------------------------------------------

create table notifications (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  kind text not null check (kind in ('follow', 'follow_request', 'mention', 'reply', 'like', 'boost', 'poll', 'announcement', 'moderation', 'report', 'signup', 'post', 'edit')),
  from_account_id bigint references accounts (id) on delete cascade,
  post_id bigint references posts (id) on delete cascade,
  data jsonb not null default '{}',
  group_key text not null,        -- what is shown as one: 'like:POST', 'follow:DAY', …
  dismissed_at timestamptz,
  created_at timestamptz not null default now()
);
create index notifications_account on notifications (account_id, id desc) where dismissed_at is null;
create unique index notifications_once on notifications (account_id, kind, from_account_id, post_id) where kind in ('like', 'boost', 'mention', 'reply', 'follow', 'follow_request', 'post', 'poll');
create table notification_markers (
  account_id bigint primary key references accounts (id) on delete cascade,
  last_read_id bigint not null default 0,
  updated_at timestamptz not null default now()
);

-- moderation ----------------------------------------------------------------------------------

create table reports (
  id bigint primary key,
  reporter_id bigint references accounts (id) on delete set null,
  account_id bigint not null references accounts (id),   -- who is reported
  category text not null,
  rule_id bigint references instance_rules (id),
  comment text not null default '',
  evidence jsonb not null default '{}',                  -- what was seen when it was reported
  state text not null default 'open' check (state in ('open', 'resolved', 'dismissed')),
  assigned_to_id bigint references accounts (id) on delete set null,
  decided_by_id bigint references accounts (id) on delete set null,
  decision_id bigint,
  decided_at timestamptz,
  created_at timestamptz not null default now()
);
create index reports_open on reports (id) where state = 'open';
create index reports_account on reports (account_id, id desc);
create index reports_reporter on reports (reporter_id, id desc);

create table report_posts (
  report_id bigint not null references reports (id) on delete cascade,
  post_id bigint not null,
  primary key (report_id, post_id)
);

create table decisions ( -- a moderator's act and, at the same time, the statement of reasons
  id bigint primary key,
  moderator_id bigint references accounts (id),
  account_id bigint not null references accounts (id),
  post_id bigint,
  report_id bigint references reports (id),
  act text not null check (act in ('dismiss', 'remove_post', 'restore_post', 'mark_sensitive', 'warn', 'limit', 'unlimit', 'suspend', 'unsuspend', 'remove_avatar', 'approve_avatar', 'refuse_avatar')),
  rule_id bigint references instance_rules (id),
  ground text not null default 'rule' check (ground in ('rule', 'law', 'none')),
  reason text not null default '',        -- to the person it concerns
  note text not null default '',          -- among moderators
  automated boolean not null default false,
  ends_at timestamptz,
  reversed_by_id bigint references decisions (id),
  created_at timestamptz not null default now()
);
create index decisions_account on decisions (account_id, id desc);
create index decisions_newest on decisions (id desc);

create table audit_log ( -- append-only; rows are chained by hash
  id bigint primary key,
  actor_id bigint,                        -- null: the program or the command line
  actor_kind text not null default 'account' check (actor_kind in ('account', 'command', 'program')),
  act text not null,
  subject_kind text not null,
  subject_id text not null,
  details jsonb not null default '{}',
  created_at timestamptz not null default now(),
  previous_hash bytea not null,
  hash bytea not null unique
);
create rule audit_log_no_update as on update to audit_log do instead nothing;
create rule audit_log_no_delete as on delete to audit_log do instead nothing;
