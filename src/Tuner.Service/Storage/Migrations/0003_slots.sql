-- Named pools of slots: candidates that share a pool never run in the same slot at the same time, on whichever node.
create table slot_pools (
    name           text    not null primary key,
    slots          integer not null
);

create table slots (
    pool           text    not null references slot_pools (name),
    slot           integer not null,
    sweep_id       text    not null,
    trial_id       text    not null,
    node           text    not null,
    fence          bigint  not null,
    taken_at       bigint  not null,
    primary key (pool, slot)
);

create table slot_waits (
    pool           text    not null,
    trial_id       text    not null,
    sweep_id       text    not null,
    node           text    not null,
    asked_at       bigint  not null,
    seen_at        bigint  not null,
    primary key (pool, trial_id)
);

-- Who had a turn last: those who waited longest since their last one go first.
create table slot_turns (
    pool           text    not null,
    sweep_id       text    not null,
    last_at        bigint  not null,
    primary key (pool, sweep_id)
);
