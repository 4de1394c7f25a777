-- Loudness of what came (LUFS), before it was evened out; null for pictures and for silence.
alter table media add column loudness real;

-- What is said in a film or a recording, with times (WebVTT). Written to a file beside the film for showing; kept here for
-- changing it and for finding it.
create table media_captions (
  id bigint primary key,
  media_id bigint not null references media (id) on delete cascade,
  language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  kind text not null default 'captions' check (kind in ('captions', 'subtitles', 'descriptions')),
  label text not null default '' check (length(label) <= 100),
  vtt text not null check (octet_length(vtt) <= 600000),
  file text not null,                      -- in the media's own folder; a new name at each change
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index media_captions_one on media_captions (media_id, language, kind);
