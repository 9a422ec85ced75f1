-- Where events are sent, and each event for each of them until it was taken: written with the change it tells of.
create table subscriptions (
    id             text    not null primary key,
    project        text    not null,
    url            text    not null,
    kind           text    not null,
    secret         text    not null,
    created_at     bigint  not null
);

create table outbox (
    id             text    not null primary key,
    subscription   text    not null references subscriptions (id) on delete cascade,
    event          text    not null,
    payload        text    not null,
    created_at     bigint  not null,
    next_at        bigint  null,
    attempts       integer not null,
    delivered_at   bigint  null,
    problem        text    null
);

create index outbox_by_time on outbox (next_at);
