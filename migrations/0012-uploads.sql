-- Uploads on their way in: what was promised, and what became of it. The bytes lie on the disk of the process that takes them.
create table uploads (
  id text primary key,                        -- unguessable; the last part of its address
  account_id bigint not null references accounts (id) on delete cascade,
  name text not null default '',
  purpose text not null default 'post' check (purpose in ('post', 'avatar', 'cover', 'instance')),
  bytes bigint not null,                      -- as promised
  media_id bigint references media (id) on delete cascade, -- what it became; null while bytes are missing
  created_at timestamptz not null default now()
);
create index uploads_unfinished on uploads (account_id) where media_id is null;
create index uploads_old on uploads (created_at);

-- What members wrote about their media is found like the post itself.
alter table media add column search tsvector generated always as (to_tsvector('simple', search_fold(description || ' ' || coalesce(tags ->> 'title', '') || ' ' || coalesce(tags ->> 'artist', '') || ' ' || coalesce(tags ->> 'album', '')))) stored;
create index media_search on media using gin (search) where post_id is not null;
