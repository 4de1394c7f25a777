-- A post may quote another. The quoted author's word stands: by a rule of the post, or one by one.
alter table posts add column quotes_count int not null default 0;
alter table posts add column quote_policy text not null default 'public' check (quote_policy in ('public', 'followers', 'ask', 'nobody'));
create table quotes (
  post_id bigint primary key references posts (id) on delete cascade,
  author_id bigint not null references accounts (id) on delete cascade,
  quoted_id bigint references posts (id) on delete set null,  -- null: gone for good
  quoted_author_id bigint not null references accounts (id) on delete cascade,
  state text not null default 'accepted' check (state in ('pending', 'accepted', 'rejected', 'revoked')),
  created_at timestamptz not null default now()
);
create index quotes_quoted on quotes (quoted_id, post_id desc);
create index quotes_author on quotes (author_id);
create index quotes_quoted_author on quotes (quoted_author_id);
