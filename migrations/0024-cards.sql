-- What a link leads to, as a card: read once for all posts that name the same address.
create table cards (
  id bigint primary key,
  address text not null unique,            -- as it was written, without its fragment
  state text not null default 'waiting' check (state in ('waiting', 'ready', 'none')),
  url text,                                -- where it was found in the end
  title text not null default '',
  description text not null default '',
  kind text not null default 'link' check (kind in ('link', 'photo', 'video', 'rich')),
  language text,
  author_name text not null default '',
  author_url text not null default '',
  provider_name text not null default '',
  provider_url text not null default '',
  published_at timestamptz,
  picture_key text unique,                 -- unguessable, in the addresses of its pictures
  picture_alt text not null default '',
  picture_width int, picture_height int,
  thumbhash bytea, colour text,
  tries int not null default 0,
  hidden_at timestamptz,                   -- taken out of what people share by a moderator
  fetched_at timestamptz,
  created_at timestamptz not null
);
create table post_cards (
  post_id bigint primary key references posts (id) on delete cascade,
  card_id bigint not null references cards (id) on delete cascade,
  at timestamptz not null
);
create index post_cards_card on post_cards (card_id, post_id desc);
create index post_cards_at on post_cards (at desc);
create table card_files (
  card_id bigint not null references cards (id) on delete cascade,
  name text not null,
  sha256 bytea not null references files (sha256),
  mime text not null, width int not null, height int not null,
  primary key (card_id, name)
);
create index card_files_sha256 on card_files (sha256);

-- Told to those who keep answers (see changes): a card comes to its posts, changes, goes.
create function tell_post_cards() returns trigger language plpgsql as $$
begin
  perform pg_notify('hearth_changes', 'p' || coalesce(new.post_id, old.post_id));
  return null;
end $$;
create trigger tell_change after insert or update or delete on post_cards for each row execute function tell_post_cards();
create function tell_cards() returns trigger language plpgsql as $$
begin
  perform pg_notify('hearth_changes', (select case when count(*) > 100 then 'g' else string_agg('p' || post_id, ' ') end from (select post_id from post_cards where card_id = new.id limit 101) used) )
    where exists (select from post_cards where card_id = new.id);
  return null;
end $$;
create trigger tell_update after update on cards for each row when ((old.state, old.title, old.description, old.url, old.picture_key, old.kind) is distinct from (new.state, new.title, new.description, new.url, new.picture_key, new.kind)) execute function tell_cards();
