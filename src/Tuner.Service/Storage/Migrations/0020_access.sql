-- Who may do what: API keys (hashed), the audit log, target templates and price books that the operator registered.
create table api_keys (
    id             text   not null primary key,
    name           text   not null,
    hash           text   not null,
    role           text   not null,
    projects       text   not null,
    created_at     bigint not null,
    revoked_at     bigint null
);

create table audit_log (
    id             text   not null primary key,
    at             bigint not null,
    who            text   not null,
    project        text   not null,
    action         text   not null,
    subject        text   not null,
    outcome        bigint not null,
    came_from      text   not null
);

create table target_templates (
    name           text   not null primary key,
    submission     text   not null,
    registered_at  bigint not null
);

create table price_books (
    name           text   not null primary key,
    content        text   not null,
    changed_at     bigint not null
);
