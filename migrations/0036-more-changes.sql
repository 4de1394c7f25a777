-- A frozen account, opened again, may show anywhere; so may a post that trends and lists left out for a while.
create or replace function tell_accounts() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform tell_changes(array['g']);
  else
    perform tell_changes(array(select distinct word from later r join earlier e on e.id = r.id cross join lateral unnest(array['a' || r.id, case when e.state <> r.state or e.frozen_at is distinct from r.frozen_at then 'g' end]) word where word is not null limit 101));
  end if;
  return null;
end $$;
