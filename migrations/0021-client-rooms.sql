-- What apps and members arrange for themselves: filters, lists, conversations, planned posts, markers, notes, featured people and tags.

-- filters -------------------------------------------------------------------------------------

create table filters (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  title text not null,
  contexts text[] not null check (cardinality(contexts) > 0 and contexts <@ '{home,notifications,public,thread,account}'::text[]),
  action text not null default 'warn' check (action in ('warn', 'hide', 'blur')),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index filters_account on filters (account_id, id);
create table filter_keywords (
  id bigint primary key,
  filter_id bigint not null references filters (id) on delete cascade,
  keyword text not null,
  whole_word boolean not null default true
);
create index filter_keywords_filter on filter_keywords (filter_id, id);
create table filter_posts ( -- single posts that somebody doesn't want to see
  id bigint primary key,
  filter_id bigint not null references filters (id) on delete cascade,
  post_id bigint not null references posts (id) on delete cascade,
  unique (filter_id, post_id)
);
create index filter_posts_post on filter_posts (post_id);

-- Each hidden phrase goes on as a filter with one keyword. The old table stays as it is, for a program of before.
insert into filters (id, account_id, title, contexts, action, expires_at, created_at, updated_at)
  select id, account_id, phrase, '{home,public,thread,account}', action, expires_at, created_at, created_at from hidden_phrases;
insert into filter_keywords (id, filter_id, keyword, whole_word) select id, id, phrase, whole_word from hidden_phrases;

-- lists ---------------------------------------------------------------------------------------

create table lists (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  title text not null,
  replies_policy text not null default 'list' check (replies_policy in ('followed', 'list', 'none')),
  exclusive boolean not null default false,
  created_at timestamptz not null default now()
);
create index lists_account on lists (account_id, id);
create table list_members ( -- who is no longer followed leaves the list
  list_id bigint not null references lists (id) on delete cascade,
  owner_id bigint not null,
  account_id bigint not null,
  id bigint not null unique,
  primary key (list_id, account_id),
  foreign key (owner_id, account_id) references follows (follower_id, followed_id) on delete cascade
);
create index list_members_follow on list_members (owner_id, account_id);

-- conversations -------------------------------------------------------------------------------

create table conversations ( -- one a person, thread and set of people: posts for named people only
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  thread_id bigint not null,
  participant_ids bigint[] not null,       -- the others, sorted
  last_post_id bigint not null,
  unread boolean not null default false,
  removed boolean not null default false,  -- taken off the list until something new is said
  unique (account_id, thread_id, participant_ids)
);
create index conversations_newest on conversations (account_id, last_post_id desc) where not removed;
create index conversations_post on conversations (last_post_id);
create index posts_direct on posts (author_id, id desc) where audience = 'mentioned' and deleted_at is null;

insert into conversations (id, account_id, thread_id, participant_ids, last_post_id)
  select row_number() over (), account_id, thread_id, participant_ids, max(id) from (
    select party.id as account_id, coalesce(p.thread_id, p.id) as thread_id, p.id,
      coalesce((select array_agg(distinct other.id order by other.id) from (select p.author_id as id union select m.account_id from post_mentions m where m.post_id = p.id) other where other.id <> party.id), '{}') as participant_ids
    from posts p cross join lateral (select p.author_id as id union select m.account_id from post_mentions m where m.post_id = p.id) party
    where p.audience = 'mentioned' and p.boost_of_id is null and p.deleted_at is null and p.state = 'published') said
  where cardinality(participant_ids) <= 100
  group by account_id, thread_id, participant_ids;

create table thread_mutes ( -- nothing about this thread is told any more
  account_id bigint not null references accounts (id) on delete cascade,
  thread_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (account_id, thread_id)
);

-- planned posts -------------------------------------------------------------------------------

create table scheduled_posts (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  publish_at timestamptz not null,
  draft jsonb not null,                    -- as it was handed in
  failed_at timestamptz,
  error text,                              -- a key of error.*
  created_at timestamptz not null default now()
);
create index scheduled_posts_account on scheduled_posts (account_id, id desc);
create index scheduled_posts_due on scheduled_posts (publish_at) where failed_at is null;
alter table media add column scheduled_id bigint references scheduled_posts (id) on delete set null;
create index media_scheduled on media (scheduled_id) where scheduled_id is not null;

-- markers -------------------------------------------------------------------------------------

create table home_markers (
  account_id bigint primary key references accounts (id) on delete cascade,
  last_read_id bigint not null,
  version int not null default 1,
  updated_at timestamptz not null default now()
);
alter table notification_markers add column version int not null default 1;

-- between people ------------------------------------------------------------------------------

alter table follows add column languages text[];
create table account_notes ( -- what one keeps in mind about somebody; nobody else sees it
  account_id bigint not null references accounts (id) on delete cascade,
  about_id bigint not null references accounts (id) on delete cascade,
  note text not null,
  updated_at timestamptz not null default now(),
  primary key (account_id, about_id)
);
create index account_notes_about on account_notes (about_id);
create table endorsements ( -- people shown on one's profile; who is no longer followed goes
  account_id bigint not null,
  endorsed_id bigint not null,
  id bigint not null unique,
  created_at timestamptz not null default now(),
  primary key (account_id, endorsed_id),
  foreign key (account_id, endorsed_id) references follows (follower_id, followed_id) on delete cascade
);
create table featured_tags (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  tag_id bigint not null references tags (id) on delete cascade,
  created_at timestamptz not null default now(),
  unique (account_id, tag_id)
);
create index post_tags_author on post_tags (author_id, tag_id, post_id);
create index accounts_directory on accounts (last_post_at desc nulls last, id desc) where state = 'active' and discoverable;

-- instance ------------------------------------------------------------------------------------

create table announcement_reactions (
  announcement_id bigint not null references announcements (id) on delete cascade,
  account_id bigint not null references accounts (id) on delete cascade,
  name text not null,                      -- an emoji, or the shortcode of the community's own
  created_at timestamptz not null default now(),
  primary key (announcement_id, name, account_id)
);
create index announcement_reactions_account on announcement_reactions (account_id);
create table instance_texts ( -- every version of what the community promises and asks for
  id bigint primary key,
  kind text not null check (kind in ('terms', 'privacy', 'about')),
  text text not null,
  html text not null,
  effective_on date not null,
  created_at timestamptz not null default now()
);
create index instance_texts_newest on instance_texts (kind, effective_on desc, id desc);
