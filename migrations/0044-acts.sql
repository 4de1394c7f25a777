-- What moderators put on a post or an account short of taking it away. Authors can't edit it off.

-- sensitive, limited: as the columns of these names, but not the author's to change · adults: only for members who said they are adults
-- · media, links: not shown · replies: nobody answers it, nor anything below it
alter table posts add column marks text[] not null default '{}' check (marks <@ array['sensitive', 'limited', 'adults', 'media', 'links', 'replies']);
alter table posts add column label text not null default '';             -- the moderators' words above the post
-- Labels stood in the author's own warning until now.
update posts p set label = p.warning, warning = '' from decisions d
  where d.act = 'label' and d.reversed_by_id is null and d.undone_at is null and p.id = any(d.post_ids) and p.warning = d.label and d.label <> '';
update posts p set marks = array['sensitive'] from decisions d
  where d.act = 'mark_sensitive' and d.reversed_by_id is null and d.undone_at is null and p.id = any(d.post_ids) and p.sensitive;

-- What an account can't do for a while (or for good: until is null). Over by itself when its time is.
create table account_limits (
  account_id bigint not null references accounts (id) on delete cascade,
  what text not null check (what in ('posts', 'media', 'links', 'replies')),
  until timestamptz,
  primary key (account_id, what)
);

alter table decisions drop constraint decisions_act_check;
alter table decisions add constraint decisions_act_check check (act in ('dismiss', 'remove_post', 'restore_post', 'erase_post', 'mark_sensitive', 'unmark_sensitive', 'label', 'unlabel', 'adults_only', 'not_adults_only',
  'limit_post', 'unlimit_post', 'lock_thread', 'unlock_thread', 'hide_media', 'show_media', 'hide_links', 'show_links', 'warn', 'cool_down', 'stop_media', 'stop_links', 'stop_replies', 'unrestrict',
  'limit', 'unlimit', 'suspend', 'unsuspend', 'freeze', 'unfreeze', 'delete_account', 'remove_avatar', 'remove_cover', 'clear_profile', 'approve_avatar', 'refuse_avatar', 'overturn'));

-- An objection may be right in part: a milder decision takes the place of the first.
alter table appeals drop constraint appeals_state_check;
alter table appeals add constraint appeals_state_check check (state in ('open', 'upheld', 'overturned', 'partly', 'withdrawn'));

-- What was considered before something was called terrorist content (EU 2021/784, Article 1(3)).
alter table decisions add column purpose text check (purpose in ('none', 'education', 'journalism', 'art', 'research', 'countering', 'debate'));
