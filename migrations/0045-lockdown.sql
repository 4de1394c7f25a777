-- When something goes wrong: who may still come in, and what everybody is told. Null: nothing is locked.
-- {"mode": "members" | "closed" | "readonly", "message": "…", "since": "2026-11-30T12:00:00.000Z", "by": "an account's id, or null for the command line"}
alter table instance_settings add column lockdown jsonb;
