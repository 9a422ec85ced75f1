-- Address and secret of a subscription are sealed from now on; what may be shown of the address stands beside them.
alter table subscriptions add column host text not null default '';
create index outbox_by_subscription on outbox (subscription, created_at);
