-- What changed, told to every process when the transaction commits: what they keep ready is dropped then.
-- Words of a message: p POST, w AUTHOR (their list of posts), h TAG (its list), c (everyone's list), a ACCOUNT (how it shows),
-- v VIEWER (what they see, and by what right), g (everything). Told where it is written, so that no way of writing is forgotten.

create function tell_changes(words text[]) returns void language sql as $$
  select pg_notify('hearth_changes', case when cardinality(words) > 100 then 'g' else array_to_string(words, ' ') end) where cardinality(words) > 0
$$;

-- For each table the words of one row `r`.
do $do$
declare
  one record;
begin
  for one in select * from (values
    ('likes', $$'v' || r.account_id$$), ('poll_votes', $$'v' || r.account_id$$),
    ('bookmarks', $$'v' || r.account_id$$), 
    ('follows', $$'v' || r.follower_id, 'v' || r.followed_id$$), ('blocks', $$'v' || r.blocker_id, 'v' || r.blocked_id$$), ('mutes', $$'v' || r.muter_id$$),
    ('thread_mutes', $$'v' || r.account_id$$), ('tag_follows', $$'v' || r.account_id$$), ('lists', $$'v' || r.account_id$$), ('list_members', $$'v' || r.owner_id$$),
    ('filters', $$'v' || r.account_id$$),
    ('filter_keywords', $$(select 'v' || f.account_id from filters f where f.id = r.filter_id)$$), ('filter_posts', $$(select 'v' || f.account_id from filters f where f.id = r.filter_id)$$),
    ('post_mentions', $$'p' || r.post_id$$), ('post_tags', $$'p' || r.post_id, 'h' || r.tag_id$$),
    ('quotes', $$'p' || r.post_id, 'p' || r.quoted_id$$),
    ('polls', $$'p' || r.post_id$$), ('poll_options', $$(select 'p' || p.post_id from polls p where p.id = r.poll_id)$$),
    ('media_captions', $$(select 'p' || m.post_id from media m where m.id = r.media_id)$$), ('media_files', $$(select coalesce('p' || m.post_id, 'a' || m.account_id) from media m where m.id = r.media_id)$$),
    ('custom_emojis', $$'g'$$), ('instance_settings', $$'g'$$), ('instance_rules', $$'g'$$), ('announcements', $$'g'$$), ('instance_texts', $$'g'$$), ('media_signing_keys', $$'g'$$)
  ) as x (name, words) loop
    execute format($make$
      create function tell_%1$s() returns trigger language plpgsql as $body$
      begin
        if tg_op <> 'DELETE' then perform tell_changes(array(select distinct word from later r cross join lateral unnest(array[%2$s]) word where word is not null limit 101)); end if;
        if tg_op <> 'INSERT' then perform tell_changes(array(select distinct word from earlier r cross join lateral unnest(array[%2$s]) word where word is not null limit 101)); end if;
        return null;
      end $body$;
      create trigger tell_insert after insert on %1$I referencing new table as later for each statement execute function tell_%1$s();
      create trigger tell_update after update on %1$I referencing old table as earlier new table as later for each statement execute function tell_%1$s();
      create trigger tell_delete after delete on %1$I referencing old table as earlier for each statement execute function tell_%1$s();
    $make$, one.name, one.words);
  end loop;
end $do$;

-- A new post changes lists; a changed one what is shown; one that comes to light otherwise (given back, approved, for others than before) may show anywhere.
create function tell_posts() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform tell_changes(array(select distinct word from later r cross join lateral unnest(array['w' || r.author_id, case when r.boost_of_id is null and r.reply_to_id is null then 'c' end]) word where word is not null limit 101));
  elsif tg_op = 'DELETE' then
    perform tell_changes(array(select distinct word from earlier r cross join lateral unnest(array['p' || r.id, 'w' || r.author_id, 'c']) word limit 101));
  else
    perform tell_changes(array(select distinct word from later r join earlier e on e.id = r.id cross join lateral unnest(array['p' || r.id,
      case when (e.state, e.deleted_at, e.audience, e.pinned_at, e.media_count) is distinct from (r.state, r.deleted_at, r.audience, r.pinned_at, r.media_count) then 'w' || r.author_id end,
      case when (e.state, e.deleted_at, e.audience, e.media_count) is distinct from (r.state, r.deleted_at, r.audience, r.media_count) then 'c' end,
      case when (e.deleted_at is not null and r.deleted_at is null) or e.audience <> r.audience or (e.state in ('held', 'removed') and r.state = 'published') then 'g' end]) word where word is not null limit 101));
  end if;
  return null;
end $$;
create trigger tell_insert after insert on posts referencing new table as later for each statement execute function tell_posts();
create trigger tell_update after update on posts referencing old table as earlier new table as later for each statement execute function tell_posts();
create trigger tell_delete after delete on posts referencing old table as earlier for each statement execute function tell_posts();

create function tell_accounts() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform tell_changes(array['g']);
  else
    perform tell_changes(array(select distinct word from later r join earlier e on e.id = r.id cross join lateral unnest(array['a' || r.id, case when e.state <> r.state then 'g' end]) word where word is not null limit 101));
  end if;
  return null;
end $$;
create trigger tell_update after update on accounts referencing old table as earlier new table as later for each statement execute function tell_accounts();
create trigger tell_delete after delete on accounts for each statement execute function tell_accounts();

-- Of these, some columns change often and show nowhere.
create function tell_media() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.post_id is not null then perform tell_changes(array['p' || old.post_id]); end if;
  if tg_op <> 'DELETE' and new.post_id is not null then perform tell_changes(array['p' || new.post_id]); end if;
  if coalesce(new.purpose, old.purpose) <> 'post' then perform tell_changes(array[case when coalesce(new.purpose, old.purpose) = 'instance' then 'g' else 'a' || coalesce(new.account_id, old.account_id) end]); end if;
  return null;
end $$;
create trigger tell_change after insert or delete on media for each row execute function tell_media();
create trigger tell_update after update on media for each row when ((old.state, old.error, old.key, old.width, old.height, old.description, old.focus_x, old.focus_y, old.tags, old.variants, old.post_id, old.position, old.thumbhash)
  is distinct from (new.state, new.error, new.key, new.width, new.height, new.description, new.focus_x, new.focus_y, new.tags, new.variants, new.post_id, new.position, new.thumbhash)) execute function tell_media();

create function tell_access_tokens() returns trigger language plpgsql as $$
begin
  perform tell_changes(array[coalesce('v' || old.account_id, 'g')]);
  return null;
end $$;
create trigger tell_delete after delete on access_tokens for each row execute function tell_access_tokens();
create trigger tell_update after update on access_tokens for each row when ((old.scopes, old.revoked_at, old.expires_at) is distinct from (new.scopes, new.revoked_at, new.expires_at)) execute function tell_access_tokens();

create function tell_everything() returns trigger language plpgsql as $$
begin
  perform tell_changes(array['g']);
  return null;
end $$;
create trigger tell_update after update on tags for each row when ((old.display_name, old.name) is distinct from (new.display_name, new.name)) execute function tell_everything();
create trigger tell_update after update on oauth_apps for each row when ((old.name, old.scopes, old.website) is distinct from (new.name, new.scopes, new.website)) execute function tell_everything();
