-- What was told once isn't told again, whatever its kind: the first index let rows without a post or a person through.
delete from notifications newer using notifications older
where newer.account_id = older.account_id and newer.group_key = older.group_key and newer.kind = older.kind and newer.id > older.id
  and newer.from_account_id is not distinct from older.from_account_id and newer.post_id is not distinct from older.post_id;
-- It also finds the other rows of a group, for the list of notifications.
create unique index notifications_told on notifications (account_id, group_key, kind, from_account_id, post_id) nulls not distinct;
-- A post that goes takes its notifications along.
create index notifications_post on notifications (post_id) where post_id is not null;
