-- Times are Unix milliseconds (UTC), durations are ticks of 100 ns.
create table sweeps (
    id             text   not null primary key,
    name           text   not null,
    fingerprint    text   not null,
    submission     text   not null,
    state          text   not null,
    reason         text   not null,
    stop_kind      text   null,
    created_at     bigint not null,
    changed_at     bigint not null,
    running_ticks  bigint not null,
    seen_at        bigint not null
);

create index sweeps_by_fingerprint on sweeps (fingerprint, created_at);

create table trials (
    id             text    not null primary key,
    sweep_id       text    not null references sweeps (id) on delete cascade,
    number         integer not null,
    candidate      text    not null,
    purpose        text    not null,
    state          text    not null,
    detail         text    not null,
    measurement    blob    null,
    deployed_ticks bigint  not null,
    created_at     bigint  not null,
    changed_at     bigint  not null,
    unique (sweep_id, number)
);

create table trial_changes (
    trial_id       text    not null references trials (id) on delete cascade,
    changed_at     bigint  not null,
    from_state     text    not null,
    to_state       text    not null,
    reason         text    not null
);

create index trial_changes_by_trial on trial_changes (trial_id);
