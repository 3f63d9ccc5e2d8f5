create table prices (name text primary key, price real not null);
