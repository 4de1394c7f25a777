-- An order may name several people: whoever is named besides the first doesn't see the case either.
alter table cases add column also_about bigint[] not null default '{}';
create index cases_also_about on cases using gin (also_about) where also_about <> '{}';
