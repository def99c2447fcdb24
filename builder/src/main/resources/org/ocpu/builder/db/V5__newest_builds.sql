-- The newest build of each app that says how the app stands: not one that a newer push or a person made pointless.

alter table builds add column telling boolean
  generated always as (not removed and state not in ('SUPERSEDED', 'CANCELLED'));

create index builds_telling_of_app on builds (app desc, telling desc, id desc);
