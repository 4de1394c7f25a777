-- Some lists of known files (NCMEC's among them) have entries by SHA-1 alone. Null: stored before; 'hearth media fingerprint' fills it in. Empty: the file isn't there any more.
alter table media add column sha1 bytea;
