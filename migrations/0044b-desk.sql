-- How strongly pictures are blurred for a moderator, in pixels.
alter table moderator_habits add column blur smallint not null default 24 check (blur between 0 and 80);

-- Who reports in the lane of trusted flaggers (DSA, Article 22): an account of an organisation that the owner named one.
alter table accounts add column trusted_flagger_at timestamptz;
