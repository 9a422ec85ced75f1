-- The keys that sign the forms of pages: one ring for all nodes, so that a form which one has made is believed by another.
create table page_keys (
    id             text   not null primary key,
    element        text   not null,
    added_at       bigint not null
);
