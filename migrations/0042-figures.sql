-- Figures about moderation are read by when something was decided.
create index reports_decided_at on reports (decided_at) where decided_at is not null;
create index cases_decided_at on cases (decided_at) where state = 'decided';
create index appeals_decided_at on appeals (decided_at) where decided_at is not null;
