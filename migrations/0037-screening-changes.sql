-- What screening leaves out of lists, or takes out of sight, is told as well.
create or replace function tell_posts() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform tell_changes(array(select distinct word from later r cross join lateral unnest(array['w' || r.author_id, case when r.boost_of_id is null and r.reply_to_id is null then 'c' end]) word where word is not null limit 101));
  elsif tg_op = 'DELETE' then
    perform tell_changes(array(select distinct word from earlier r cross join lateral unnest(array['p' || r.id, 'w' || r.author_id, 'c']) word limit 101));
  else
    perform tell_changes(array(select distinct word from later r join earlier e on e.id = r.id cross join lateral unnest(array['p' || r.id,
      case when (e.state, e.deleted_at, e.audience, e.pinned_at, e.media_count, e.limited) is distinct from (r.state, r.deleted_at, r.audience, r.pinned_at, r.media_count, r.limited) then 'w' || r.author_id end,
      case when (e.state, e.deleted_at, e.audience, e.media_count, e.limited) is distinct from (r.state, r.deleted_at, r.audience, r.media_count, r.limited) then 'c' end,
      case when (e.deleted_at is not null and r.deleted_at is null) or e.audience <> r.audience or (e.state in ('held', 'removed') and r.state = 'published') then 'g' end]) word where word is not null limit 101));
  end if;
  return null;
end $$;
drop trigger tell_update on media;
create trigger tell_update after update on media for each row when ((old.state, old.error, old.key, old.width, old.height, old.description, old.focus_x, old.focus_y, old.tags, old.variants, old.post_id, old.position, old.thumbhash, old.screening)
  is distinct from (new.state, new.error, new.key, new.width, new.height, new.description, new.focus_x, new.focus_y, new.tags, new.variants, new.post_id, new.position, new.thumbhash, new.screening)) execute function tell_media();
