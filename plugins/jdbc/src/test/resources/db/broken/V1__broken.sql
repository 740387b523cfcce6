CREATE TABLE good (id INT);

CREATE TABEL bad (id INT);
