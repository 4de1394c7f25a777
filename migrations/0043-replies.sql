-- Who may answer a post. What the post that begins a thread says holds for the whole thread.
alter table posts add column reply_policy text not null default 'everyone' check (reply_policy in ('everyone', 'followers', 'followed', 'mentioned', 'nobody'));
