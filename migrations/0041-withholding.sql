-- What is withheld from readers in some countries, because the law of these countries wants it so.
create table withholdings (
  id bigint primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  post_id bigint references posts (id) on delete cascade,   -- null: the whole account
  countries text[] not null check (cardinality(countries) > 0),
  decision_id bigint references decisions (id) deferrable initially deferred,
  authority text not null default '',                       -- who ordered it, as readers are told
  reference text not null default '',
  quiet_until timestamptz,                                  -- until then readers aren't told why
  created_at timestamptz not null,
  ended_at timestamptz
);
create index withholdings_post on withholdings (post_id) where ended_at is null and post_id is not null;
create index withholdings_account on withholdings (account_id) where ended_at is null and post_id is null;
create index withholdings_decision on withholdings (decision_id);
-- Where something is withheld or shown again, everything that is kept may be wrong.
create trigger tell_change after insert or update or delete on withholdings for each statement execute function tell_everything();

-- Where an order holds: empty for everybody. How it was carried out: for all, or in these countries.
alter table orders add column territory text[] not null default '{}';
alter table orders add column done_in text[] not null default '{}';
-- Somebody is carrying it out: until then nobody else does.
alter table orders add column acting_until timestamptz;
create index orders_received on orders (received_at);
