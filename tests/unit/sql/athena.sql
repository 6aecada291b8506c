SELECT * FROM "AwsDataCatalog"."db"."table$partitions" LIMIT 10

SELECT * FROM iceberg_table FOR TIMESTAMP AS OF (current_timestamp - interval '1' day)

SELECT * FROM iceberg_table FOR VERSION AS OF 949530903748831860

SELECT id, sum(x) FROM t, UNNEST(items) WITH ORDINALITY AS u(item, n) GROUP BY id

SELECT a FROM t CROSS JOIN UNNEST(map_keys(m), map_values(m)) AS x(k, v)

SELECT transform(ARRAY[1, 2], x -> x + 1), reduce(a, 0, (s, x) -> s + x, s -> s), filter(a, e -> e IS NOT NULL) FROM t

SELECT ROW(1, 'a'), CAST(ROW(1, 2) AS ROW(x BIGINT, y DOUBLE)), MAP(ARRAY['a'], ARRAY[1]), ARRAY[]

SELECT TRY_CAST(x AS DATE), TRY(a / b), date_parse(d, '%Y-%m-%d'), at_timezone(ts, 'Europe/Berlin'), ts AT TIME ZONE 'UTC' FROM t

SELECT json_extract_scalar(j, '$.store.book[0].(x'), regexp_extract(s, '(\d+)', 1) FROM t

SELECT approx_percentile(x, ARRAY[0.5, 0.9]), max_by(a, b), arbitrary(c), count_if(d > 1) FROM t

SELECT * FROM t TABLESAMPLE BERNOULLI (10)

SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, name)

VALUES 1, 2, 3

SELECT a FROM t ORDER BY a NULLS FIRST OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY

SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY a ORDER BY b MEASURES A.x AS y ONE ROW PER MATCH PATTERN (A B+) DEFINE B AS B.x > A.x)

SELECT "$path", "$file_size" FROM logs WHERE dt = '{{ ds }}'

SELECT current_date - interval '7' day, DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00', X'65'

SELECT count(*) FILTER (WHERE a > 1), listagg(a, ',') WITHIN GROUP (ORDER BY a) FROM t

SELECT * FROM t1 FULL OUTER JOIN t2 USING (id) LEFT JOIN t3 ON t3.a = t1.a AND t3.b IN (1, 2)

WITH a AS (SELECT 1 AS x), b (y) AS (SELECT x FROM a) SELECT * FROM a, b

SELECT a, limit, offset FROM t

INSERT INTO dest (a, b) SELECT a, b FROM src WHERE dt = '{{ ds }}'

INSERT INTO t VALUES (1, 'x', DATE '2024-01-01', ARRAY[1])

UPDATE iceberg_table SET category = 'c2' WHERE category = 'c1'

DELETE FROM iceberg_table WHERE category = 'c3'

MERGE INTO accounts t USING changes s ON (t.customer = s.customer) WHEN MATCHED AND s.address = 'Centreville' THEN DELETE WHEN MATCHED THEN UPDATE SET purchases = s.purchases + t.purchases, address = s.address WHEN NOT MATCHED THEN INSERT (customer, purchases) VALUES (s.customer, s.purchases)

CREATE TABLE t WITH (format = 'PARQUET', external_location = 's3://b/p/', partitioned_by = ARRAY['dt'], bucketed_by = ARRAY['a'], bucket_count = 3) AS SELECT * FROM s WITH NO DATA

CREATE TABLE i (id bigint, d string) PARTITIONED BY (category, bucket(16, id)) LOCATION 's3://b/' TBLPROPERTIES ('table_type' = 'ICEBERG')

CREATE EXTERNAL TABLE IF NOT EXISTS `db`.`logs` (`a` int COMMENT 'it (a', `s` struct<x:int,y:array<string>>) PARTITIONED BY (`dt` string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' WITH SERDEPROPERTIES ("input.regex" = "^([^ ]*) \\[(.*)$") STORED AS TEXTFILE LOCATION 's3://b/' TBLPROPERTIES ("skip.header.line.count"="1")

CREATE EXTERNAL TABLE t (a int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' ESCAPED BY '\\' LINES TERMINATED BY '\n' STORED AS INPUTFORMAT 'a' OUTPUTFORMAT 'b' LOCATION 's3://b/' TBLPROPERTIES ('projection.enabled'='true', 'projection.dt.range'='2020-01-01,NOW', 'storage.location.template'='s3://b/${dt}/')

CREATE OR REPLACE VIEW v AS SELECT * FROM t

CREATE DATABASE IF NOT EXISTS d COMMENT 'x' LOCATION 's3://b/' WITH DBPROPERTIES ('a'='b')

ALTER TABLE orders ADD IF NOT EXISTS PARTITION (dt = '2016-05-14', country = 'IN') LOCATION 's3://b/a/' PARTITION (dt = '2016-05-15', country = 'IN')

ALTER TABLE t DROP IF EXISTS PARTITION (dt = '2014-05-14'), PARTITION (dt < '2014-05-13')

ALTER TABLE t ADD COLUMNS (c1 string, c2 int)

ALTER TABLE t REPLACE COLUMNS (a int); ALTER TABLE t SET TBLPROPERTIES ('a' = 'b'); ALTER TABLE t SET LOCATION 's3://b/'; ALTER TABLE t CHANGE COLUMN a b int

ALTER TABLE t PARTITION (dt = '1') RENAME TO PARTITION (dt = '2')

MSCK REPAIR TABLE orders

UNLOAD (SELECT * FROM t WHERE a = 'x') TO 's3://b/u/' WITH (format = 'PARQUET', compression = 'SNAPPY', partitioned_by = ARRAY['dt'])

OPTIMIZE iceberg_table REWRITE DATA USING BIN_PACK WHERE category = 'c1'

VACUUM iceberg_table

SHOW PARTITIONS orders; SHOW CREATE TABLE t; SHOW TBLPROPERTIES t; DESCRIBE FORMATTED t; SHOW COLUMNS IN t

DROP TABLE IF EXISTS `t`; DROP VIEW v; DROP DATABASE IF EXISTS d CASCADE

PREPARE p FROM SELECT * FROM t WHERE a = ?; EXECUTE p USING 1; DEALLOCATE PREPARE p

EXPLAIN (TYPE IO, FORMAT JSON) SELECT * FROM t; EXPLAIN ANALYZE SELECT 1

USING EXTERNAL FUNCTION f(x INT) RETURNS INT LAMBDA 'fn' SELECT f(a) FROM t

SELECT dt FROM t WHERE dt BETWEEN '{{ macros.ds_add(ds, -7) }}' AND '{{ ds }}' AND year = {{ logical_date.year }}
