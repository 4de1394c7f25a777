-- When those who moderate were told that a case runs out of its time.
alter table cases add column alarmed_at timestamptz;
create index cases_to_alarm on cases (due_at) where state = 'open' and alarmed_at is null;
