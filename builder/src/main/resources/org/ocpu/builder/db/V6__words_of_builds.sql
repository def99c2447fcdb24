-- What people look for builds by, in lower case; the migration SearchedWords fills it in for builds that are there already.

alter table builds add column author varchar(200) default '' not null;
alter table builds add column branch varchar(300) default '' not null;
alter table builds add column words varchar(1200) default '' not null;
