-- What a picture looks like, for finding it again: PDQ of it and of its seven other turns, one after the other, 32 bytes
-- each. Films and animations have a row for each picture that was looked at.
create table media_fingerprints (
  media_id bigint not null references media (id) on delete cascade,
  frame_at real not null default 0,        -- seconds from the beginning; 0 for a still picture
  hashes bytea not null check (octet_length(hashes) = 256),
  quality smallint not null check (quality between 0 and 100),
  primary key (media_id, frame_at)
);

-- Of the original, as it came. Lists of known files are kept by MD5 too.
alter table media add column md5 bytea;
create index if not exists media_sha256 on media (sha256);
create index if not exists media_md5 on media (md5) where md5 is not null;
