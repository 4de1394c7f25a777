-- Which processes run, and by which number each makes its ids. A number is lent for some seconds and lent on only when that time is over:
-- a process that was cut off stops making ids before another begins with the same number.
create table processes (
  number smallint primary key,
  holder uuid not null,
  roles text[] not null default '{}',
  -- by which name it holds jobs; given back to the queue when the process is gone
  worker text,
  -- the newest id made, as far as told: who has the number next begins above it
  newest_id bigint not null default 1,
  started_at timestamptz not null default now(),
  until timestamptz not null
);
