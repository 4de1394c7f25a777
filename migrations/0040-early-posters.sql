-- A picture of a film that is still being made: {"file", "mime", "width", "height", "thumbhash", "colour"}; the file is among the item's
-- files, called 'early-…'. Nobody sees it before its state is 'clear'; gone when the film was made and looked at.
alter table media add column poster jsonb;
alter table media add column poster_state text check (poster_state in ('waiting', 'clear', 'held'));
drop trigger tell_update on media;
create trigger tell_update after update on media for each row when ((old.state, old.error, old.key, old.width, old.height, old.description, old.focus_x, old.focus_y, old.tags, old.variants, old.post_id, old.position, old.thumbhash, old.screening, old.poster, old.poster_state)
  is distinct from (new.state, new.error, new.key, new.width, new.height, new.description, new.focus_x, new.focus_y, new.tags, new.variants, new.post_id, new.position, new.thumbhash, new.screening, new.poster, new.poster_state)) execute function tell_media();
