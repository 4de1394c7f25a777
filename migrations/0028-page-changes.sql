-- More of what changes, for whole pages: n MEMBER (what waits for them to be read), o (what is shown beside posts).
do $do$
declare
  one record;
begin
  for one in select * from (values
    ('notifications', $$'n' || r.account_id$$), ('notification_markers', $$'n' || r.account_id$$),
    ('announcement_dismissals', $$'v' || r.account_id$$), ('announcement_reactions', $$'g'$$),
    ('endorsements', $$'o'$$), ('featured_tags', $$'o'$$), ('trending_tags', $$'o'$$), ('trending_posts', $$'o'$$), ('trend_vetoes', $$'o'$$)
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

-- The front page counts members.
create function tell_new_account() returns trigger language plpgsql as $$
begin
  perform tell_changes(array['o']);
  return null;
end $$;
create trigger tell_insert after insert on accounts for each statement execute function tell_new_account();

-- When a browser was last seen shows nowhere that is kept.
create function tell_sessions() returns trigger language plpgsql as $$
begin
  perform tell_changes(array['v' || old.account_id]);
  return null;
end $$;
create trigger tell_delete after delete on sessions for each row execute function tell_sessions();
create trigger tell_update after update on sessions for each row when ((old.token_hash, old.account_id, old.expires_at) is distinct from (new.token_hash, new.account_id, new.expires_at)) execute function tell_sessions();
