-- How things went: one row a process and minute, swept after four weeks. Counts only; nothing about anybody.
create table health_minutes (
  at timestamptz not null,            -- when the minute began
  process text not null,
  roles text not null,
  version text not null,
  started_at timestamptz not null,
  requests int not null,
  refused int not null,               -- too many (429)
  errors int not null,                -- our fault (5xx)
  latency int[] not null,             -- how many answers took how long: the bounds are in platform/metrics
  jobs int not null,
  jobs_failed int not null,
  mails int not null,
  mails_failed int not null,
  memory bigint not null,             -- resident, in bytes
  loop_lag real not null,             -- seconds
  streams int not null,
  connections_waiting int not null,
  primary key (at, process)
);
-- What all processes share: one row a minute, by whichever comes first.
create table health_community (
  at timestamptz primary key,
  jobs_waiting int not null,
  jobs_given_up int not null,
  jobs_oldest real not null,          -- seconds
  media_waiting int not null,
  database_bytes bigint not null,
  media_bytes bigint not null,
  disk_free bigint                    -- null: this process sees no disk that matters
);
-- What is known of the world outside, one row a thing ('update').
create table health_facts (name text primary key, fact jsonb not null);
