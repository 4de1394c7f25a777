-- How many entries of a list count, so that a page needn't count ten million; and how far the reading of one is.
alter table hash_lists add column if not exists entries int not null default 0;
alter table hash_imports add column if not exists bytes bigint not null default 0;
alter table hash_imports add column if not exists total_bytes bigint;
