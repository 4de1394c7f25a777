-- The record can't be changed: whoever tries is told so, instead of nothing happening. What is there stays as it is.
drop rule audit_log_no_update on audit_log;
drop rule audit_log_no_delete on audit_log;
create function audit_log_stays() returns trigger language plpgsql as $$ begin raise exception 'the record is only added to'; end $$;
create trigger audit_log_stays before update or delete or truncate on audit_log for each statement execute function audit_log_stays();

-- Who, on what, in which case, newest first.
create index audit_log_actor on audit_log (actor_id, id desc) where actor_id is not null;
create index audit_log_subject on audit_log (subject_id, id desc);
create index audit_log_account on audit_log ((details->>'account'), id desc) where details ? 'account';
create index audit_log_case on audit_log ((case when subject_kind = 'case' then subject_id else details->>'case' end), id desc) where subject_kind = 'case' or details ? 'case';
create index audit_log_act on audit_log (act text_pattern_ops, id desc);
