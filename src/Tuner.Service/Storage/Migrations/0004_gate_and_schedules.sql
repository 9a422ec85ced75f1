-- The accepted recommendation of each sweep name, and every night's comparison with it.
alter table sweeps add column gate text null;

create table accepted (
    project        text    not null,
    name           text    not null,
    candidate      text    not null,
    sweep_id       text    not null,
    accepted_at    bigint  not null,
    primary key (project, name)
);

create table gate_runs (
    sweep_id       text    not null primary key,
    project        text    not null,
    name           text    not null,
    candidate      text    not null,
    measured_at    bigint  not null,
    verdict        text    not null,
    reason         text    not null,
    report         text    not null,
    nights         text    not null
);

create index gate_runs_by_name on gate_runs (project, name, measured_at);

create table schedules (
    id             text    not null primary key,
    project        text    not null,
    name           text    not null,
    submission     text    not null,
    cron           text    not null,
    time_zone      text    not null,
    overlap        text    not null,
    missed         text    not null,
    paused         integer not null,
    next_at        bigint  null,
    created_at     bigint  not null
);

create unique index schedules_by_name on schedules (project, name);
create index schedules_by_time on schedules (next_at);

create table schedule_runs (
    schedule_id    text    not null references schedules (id) on delete cascade,
    due_at         bigint  not null,
    done_at        bigint  not null,
    outcome        text    not null,
    sweep_id       text    null,
    reason         text    not null,
    primary key (schedule_id, due_at)
);
