-- Sweeps as the service's engine works on them: projects and labels, requests, and a lease with a fencing number.
alter table sweeps add column project text not null default 'default';
alter table sweeps add column labels text not null default '{}';
alter table sweeps add column idempotency_key text null;
alter table sweeps add column request text null;
alter table sweeps add column request_reason text null;
alter table sweeps add column node text null;
alter table sweeps add column fence bigint not null default 0;
alter table sweeps add column lease_until bigint null;

create unique index sweeps_by_idempotency_key on sweeps (project, idempotency_key);
create index sweeps_by_time on sweeps (created_at, id);
create index sweeps_by_project on sweeps (project, created_at, id);
create index sweeps_by_state on sweeps (state, created_at, id);
create index sweeps_by_node on sweeps (node);

create table sweep_labels (
    sweep_id       text    not null references sweeps (id) on delete cascade,
    name           text    not null,
    value          text    not null,
    primary key (sweep_id, name)
);

create index sweep_labels_by_value on sweep_labels (name, value, sweep_id);

create table sweep_changes (
    sweep_id       text    not null references sweeps (id) on delete cascade,
    changed_at     bigint  not null,
    from_state     text    not null,
    to_state       text    not null,
    reason         text    not null,
    number         integer not null
);

create index sweep_changes_by_sweep on sweep_changes (sweep_id);

-- Changes of the same millisecond keep their order.
alter table trial_changes add column number integer not null default 0;
