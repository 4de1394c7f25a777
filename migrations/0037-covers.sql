-- The picture a member chose for a song or a film. Null: what was in the file shows. {"none": true}: no picture at all.
-- Else how large it is and what it looks like; its files are among the item's variants, called 'cover-…'.
alter table media add column cover jsonb;
