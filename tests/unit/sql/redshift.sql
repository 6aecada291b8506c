SELECT TOP 10 * FROM sales ORDER BY qtysold DESC

SELECT a.x, b.y FROM a, b WHERE a.id = b.id(+)

SELECT APPROXIMATE COUNT(DISTINCT pricepaid) FROM sales

SELECT APPROXIMATE PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY totalprice) FROM listing GROUP BY listid

SELECT LISTAGG(sellerid, ', ') WITHIN GROUP (ORDER BY dateid) OVER (PARTITION BY eventid) FROM winsales

SELECT MEDIAN(salesid) OVER (PARTITION BY sellerid) FROM winsales

SELECT * EXCLUDE (commission, pricepaid) FROM sales

SELECT eventid, RATIO_TO_REPORT(qtysold) OVER (PARTITION BY sellerid) FROM winsales

SELECT c.*, o FROM customer_orders_lineitem c, c.c_orders o

SELECT index, element FROM mixed.data AS d, d.values AS element AT index

SELECT attr AS attribute, JSON_TYPEOF(val) FROM (SELECT UNPIVOT c.c_orders[0] AS val AT attr FROM customer_orders_lineitem c)

SELECT attr, val FROM customer_orders_lineitem c, c.c_orders AS o, UNPIVOT o AS val AT attr WHERE c_custkey = 9

SELECT c_orders[0].o_orderkey, c.c_orders.o_totalprice[1] FROM customer_orders_lineitem c

SELECT * FROM (SELECT partname, price FROM part) PIVOT (AVG(price) FOR partname IN ('prop', 'rudder', 'wing'))

SELECT * FROM (SELECT red, green, blue FROM count_by_color) UNPIVOT (cnt FOR color IN (red, green, blue))

SELECT * FROM count_by_color UNPIVOT INCLUDE NULLS (cnt FOR color IN (red AS r, green AS g))

SELECT id, name, manager_id FROM employee START WITH name = 'John' CONNECT BY PRIOR id = manager_id

WITH RECURSIVE tree(id, name, manager_id) AS (SELECT id, name, manager_id FROM employee WHERE name = 'John' UNION ALL SELECT e.id, e.name, e.manager_id FROM employee e, tree t WHERE e.manager_id = t.id) SELECT * FROM tree

SELECT category, product, COUNT(*) FROM orders GROUP BY GROUPING SETS (category, product)

SELECT category, product, SUM(cost) FROM orders GROUP BY ROLLUP(category, product)

SELECT category, SUM(cost) FROM orders GROUP BY CUBE(category), product

SELECT a, b FROM t GROUP BY ALL

SELECT * FROM sales QUALIFY ROW_NUMBER() OVER (PARTITION BY buyerid ORDER BY saletime DESC) = 1

SELECT DATEADD(month, 18, '2008-02-28'), DATEDIFF(qtr, '1998-07-01', CURRENT_DATE), GETDATE(), SYSDATE

SELECT DATE_PART(w, TIMESTAMP '2008-06-17 09:44:54'), EXTRACT(epoch FROM saletime) FROM sales

SELECT INTERVAL '52' WEEK, INTERVAL '1 day' + DATE '2024-01-01', INTERVAL '1-2' YEAR TO MONTH

SELECT CONVERT(integer, '7'), '7'::int, CAST('7' AS DECIMAL(10, 2)), 123::varchar(10)

SELECT JSON_EXTRACT_PATH_TEXT('{"a": {"b": 1}}', 'a', 'b'), JSON_PARSE('[1, "(", {"x": "''"}]')

SELECT 'it''s' || ' ok', "Quoted Name", 'a -- no comment', '/* none */' FROM "My Table"

SELECT REGEXP_REPLACE(email, '@.*\\.(org|gov|com)$', '') FROM users

SELECT * FROM users WHERE name LIKE '%\\_%' ESCAPE '\\'

SELECT * FROM t WHERE x SIMILAR TO '%(b|d)%' AND y ~ '^[(]' AND z !~* 'x'

SELECT * FROM t WHERE (a, b) IN (SELECT c, d FROM u) AND a BETWEEN 1 AND 2 AND NOT EXISTS (SELECT 1 FROM v)

SELECT CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END, CASE x WHEN 1 THEN 'a' END, DECODE(x, 1, 'a', 'b') FROM t

SELECT COUNT(*) FILTER (WHERE a > 1) FROM t

SELECT FIRST_VALUE(a) IGNORE NULLS OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t

SELECT * INTO newevent FROM event

SELECT * INTO TEMP TABLE tmp FROM event

SELECT * FROM #session_temp

SELECT * FROM spectrum.sales s JOIN tickit.event e USING (eventid) WHERE s."$path" IS NOT NULL

SELECT a FROM t1 UNION SELECT a FROM t2 INTERSECT SELECT a FROM t3 EXCEPT SELECT a FROM t4 MINUS SELECT a FROM t5

SELECT * FROM db2.public.sales

SELECT ISNULL(a, 0), NVL2(a, b, c), a % 2, a ^ 2, |/ 25, @ -5, ~b FROM t

SELECT ARRAY(1, 50, null, 100), GET_ARRAY_LENGTH(a), a[0], OBJECT('k', 1, 'l', TRUE) FROM t

SELECT ST_AsText(geom), ML_FN_CUSTOMER_CHURN(state, area_code) FROM t

SELECT * FROM t WHERE d = '{{ ds }}' AND r IN ('{{ "','".join(params.regions) }}') LIMIT {{ params.limit }}

SELECT {{ params.columns | join(", ") }} FROM {{ params.schema }}.{{ params.table }} {{ params.condition }}

SELECT * FROM t WHERE a = 1 {% if params.b %} AND b = 2 {% endif %} {% for c in params.cs %} AND {{ c }} {% endfor %}

{% for t in params.tables %}SELECT '{{ t }}' FROM {{ t }} {% if not loop.last %}UNION ALL{% endif %} {% endfor %}

SELECT * FROM t -- it's a comment with ' and (

SELECT 1 /* a comment with ' and ( */ FROM t

INSERT INTO category VALUES (12, 'Concerts', DEFAULT), (13, 'X', NULL)

INSERT INTO category (catid, catname) SELECT catid, catname FROM category_stage

INSERT INTO category DEFAULT VALUES

INSERT INTO t (a) WITH c AS (SELECT 1 AS a) SELECT a FROM c

UPDATE category SET catgroup = 'Theatre' FROM category_event e, sales s WHERE category.catid = e.catid

UPDATE t SET a = DEFAULT, b = (SELECT MAX(x) FROM u), c = CASE WHEN d THEN 1 ELSE 0 END WHERE id IN (SELECT id FROM v)

WITH c AS (SELECT 1) UPDATE t SET a = 1 FROM c

DELETE FROM category USING event WHERE category.catid = event.catid

DELETE category WHERE catid > 9

DELETE FROM category

MERGE INTO target USING source ON target.id = source.id WHEN MATCHED THEN UPDATE SET id = source.id, name = source.name WHEN NOT MATCHED THEN INSERT VALUES (source.id, source.name)

MERGE INTO target USING source ON target.id = source.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (source.id)

MERGE INTO target USING (SELECT id, name FROM source LIMIT 10) AS s ON target.id = s.id REMOVE DUPLICATES

TRUNCATE date

TRUNCATE TABLE mart.sales

COPY category FROM 's3://mybucket/data/category_pipe.txt' IAM_ROLE 'arn:aws:iam::0123456789012:role/MyRole' DELIMITER '|' REGION 'us-west-2'

COPY customer FROM 's3://mybucket/mydata' IAM_ROLE DEFAULT FORMAT AS JSON 's3://mybucket/jsonpaths.json' GZIP TIMEFORMAT 'auto'

COPY t (a, b) FROM 's3://b/k.manifest' CREDENTIALS 'aws_iam_role=arn:aws:iam::1:role/R' MANIFEST CSV QUOTE AS '%' IGNOREHEADER 1 NULL AS '\N' ESCAPE

COPY t FROM 's3://b/k' IAM_ROLE DEFAULT FORMAT AS AVRO 'auto ignorecase' COMPUPDATE OFF STATUPDATE ON

COPY t FROM 's3://b/k' IAM_ROLE DEFAULT FIXEDWIDTH 'a:5,b:10' ENCODING UTF16 MAXERROR 10 ACCEPTINVCHARS AS '?' DATEFORMAT AS 'MM/DD/YYYY'

COPY t FROM 'dynamodb://ProductCatalog' IAM_ROLE DEFAULT READRATIO 50

COPY t FROM 'emr://j-1/data*' IAM_ROLE DEFAULT DELIMITER '\t' LZOP

COPY t FROM 's3://b/' IAM_ROLE DEFAULT FORMAT PARQUET SERIALIZETOJSON

UNLOAD ('SELECT * FROM venue WHERE city = ''Oslo''') TO 's3://b/unload/' IAM_ROLE DEFAULT PARQUET PARTITION BY (venuestate) ALLOWOVERWRITE

UNLOAD ($$SELECT * FROM venue WHERE city = 'Oslo'$$) TO 's3://b/unload/' IAM_ROLE 'arn:aws:iam::1:role/R' CSV HEADER DELIMITER AS ',' ADDQUOTES MAXFILESIZE 200 MB PARALLEL OFF KMS_KEY_ID 'x' ENCRYPTED

CREATE TABLE sales (salesid INTEGER NOT NULL, d DATE ENCODE az64, c VARCHAR(10) DEFAULT 'x' COLLATE CASE_INSENSITIVE, PRIMARY KEY (salesid), FOREIGN KEY (d) REFERENCES date(d)) DISTSTYLE KEY DISTKEY(salesid) COMPOUND SORTKEY(d, c)

CREATE TABLE IF NOT EXISTS t (id BIGINT IDENTITY(0, 1), s SUPER, g GEOMETRY, h HLLSKETCH, v VARBYTE(10), u TIMESTAMPTZ) DISTSTYLE AUTO SORTKEY AUTO ENCODE AUTO

CREATE TABLE t (id INT GENERATED BY DEFAULT AS IDENTITY(1, 1)) BACKUP NO INTERLEAVED SORTKEY (id)

CREATE TEMP TABLE t (LIKE category INCLUDING DEFAULTS)

CREATE TABLE #t (a int)

CREATE TABLE t DISTKEY(listid) SORTKEY(dateid) AS SELECT * FROM listing

CREATE TABLE t (a, b) BACKUP YES DISTSTYLE ALL AS (SELECT 1, 2)

CREATE EXTERNAL TABLE spectrum.sales (salesid INTEGER, s STRUCT<a:INT, b:ARRAY<VARCHAR(20)>>) PARTITIONED BY (saledate DATE) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' STORED AS TEXTFILE LOCATION 's3://b/sales/' TABLE PROPERTIES ('numRows'='172000')

CREATE EXTERNAL TABLE s.t (a INT) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('dots.in.keys'='true') STORED AS INPUTFORMAT 'x' OUTPUTFORMAT 'y' LOCATION 's3://b/'

CREATE EXTERNAL TABLE spectrum.part STORED AS PARQUET LOCATION 's3://b/' AS SELECT * FROM sales

CREATE EXTERNAL SCHEMA spectrum FROM DATA CATALOG DATABASE 'd' IAM_ROLE DEFAULT CREATE EXTERNAL DATABASE IF NOT EXISTS

CREATE EXTERNAL SCHEMA mysource FROM KINESIS IAM_ROLE DEFAULT

CREATE EXTERNAL SCHEMA fed FROM POSTGRES DATABASE 'd' SCHEMA 's' URI 'h' PORT 5432 IAM_ROLE DEFAULT SECRET_ARN 'arn'

CREATE MATERIALIZED VIEW tickets_mv BACKUP NO AUTO REFRESH YES DISTKEY(a) AS SELECT catgroup AS a, SUM(qtysold) FROM category c, event e, sales s WHERE c.catid = e.catid GROUP BY catgroup

REFRESH MATERIALIZED VIEW tickets_mv

CREATE OR REPLACE VIEW v AS SELECT * FROM t WITH NO SCHEMA BINDING

CREATE OR REPLACE PROCEDURE test_sp(f1 int, INOUT f2 varchar(256), out_var OUT varchar(256)) AS $$ DECLARE loop_var int; BEGIN IF f1 IS NULL OR f2 IS NULL THEN RAISE EXCEPTION 'input cannot be null'; END IF; DROP TABLE IF EXISTS my_etl; EXECUTE 'SELECT (' || f1 || ')'; FOR loop_var IN 1..f1 LOOP INSERT INTO my_etl VALUES (loop_var, f2); END LOOP; END; $$ LANGUAGE plpgsql SECURITY DEFINER

CREATE FUNCTION f_py_greater (a float, b float) RETURNS float STABLE AS $$ if a > b: return a $$ LANGUAGE plpythonu

CREATE OR REPLACE FUNCTION f_sql (float, float) RETURNS float STABLE AS $$ SELECT CASE WHEN $1 > $2 THEN $1 ELSE $2 END $$ LANGUAGE sql

CREATE EXTERNAL FUNCTION f(int) RETURNS int STABLE LAMBDA 'fn' IAM_ROLE DEFAULT

CREATE MODEL m FROM (SELECT state FROM customer_activity) TARGET churn FUNCTION ml_fn IAM_ROLE DEFAULT SETTINGS (S3_BUCKET 'b')

CREATE SCHEMA IF NOT EXISTS mart AUTHORIZATION etl QUOTA 50 GB

CREATE DATABASE db FROM ARN 'x' WITH DATA CATALOG SCHEMA 'y'

CREATE DATASHARE salesshare SET PUBLICACCESSIBLE TRUE

CREATE USER u PASSWORD 'Abc(123' IN GROUP g VALID UNTIL '2030-01-01'

CREATE ROLE r EXTERNALID 'x'

CREATE RLS POLICY p WITH (catgroup VARCHAR(10)) USING (catgroup = 'Concerts')

ALTER TABLE t ADD COLUMN c INT DEFAULT 1 ENCODE zstd

ALTER TABLE t ALTER DISTSTYLE EVEN, ALTER SORTKEY NONE

ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(300)

ALTER TABLE event RENAME TO event_old

ALTER TABLE sales APPEND FROM sales_stage IGNOREEXTRA

ALTER TABLE spectrum.sales ADD IF NOT EXISTS PARTITION (saledate='2008-01-01') LOCATION 's3://b/sales/saledate=2008-01/'

ALTER TABLE t ROW LEVEL SECURITY ON CONJUNCTION TYPE OR

ALTER DATASHARE s ADD SCHEMA public

ALTER USER u SET search_path TO 'a', 'b'

ALTER MATERIALIZED VIEW mv AUTO REFRESH YES

ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO GROUP g

GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA mart TO GROUP analysts, ROLE r

GRANT USAGE ON DATASHARE s TO ACCOUNT '123456789012'

GRANT SELECT (a, b) ON t TO u WITH GRANT OPTION

REVOKE ALL ON SCHEMA s FROM PUBLIC

VACUUM DELETE ONLY sales TO 75 PERCENT

VACUUM FULL sales BOOST

VACUUM

ANALYZE COMPRESSION listing

ANALYZE venue(venueid, venuename) PREDICATE COLUMNS

ANALYZE

CALL test_sp(1, 'It''s (', NULL)

BEGIN; DELETE FROM t; INSERT INTO t SELECT * FROM u; COMMIT; END

BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE READ WRITE; LOCK event, sales; END TRANSACTION

DECLARE c CURSOR FOR SELECT * FROM t; FETCH FORWARD 5 FROM c; CLOSE c

SET query_group TO 'etl'; RESET query_group; SET statement_timeout = 0; SET enable_result_cache_for_session TO off

SHOW TABLES FROM SCHEMA dev.public LIKE 'a%'; SHOW TABLE t; SHOW PROCEDURE p(int)

EXPLAIN VERBOSE SELECT * FROM t

PREPARE p (int) AS SELECT * FROM t WHERE a = $1; EXECUTE p(1); DEALLOCATE p

COMMENT ON COLUMN t.a IS 'it''s (a'

DROP TABLE IF EXISTS a, b CASCADE

DROP MATERIALIZED VIEW IF EXISTS mv; DROP PROCEDURE p(int, varchar); DROP SCHEMA s CASCADE; DROP USER IF EXISTS u

ATTACH RLS POLICY p ON t TO ROLE r; DETACH RLS POLICY p ON t FROM PUBLIC

CANCEL 18764 'Long-running query'; USE db; INSERT INTO t SELECT 1

CREATE TABLE s3t LOCATION 's3://b/' TABLE PROPERTIES ('a'='b') AS SELECT 1

SELECT "from", t."select" AS "where" FROM t WHERE "group" = 1 ORDER BY "order"

SELECT a AS from_, t.from_, x.end_ FROM t x WHERE a IN (1, 2, (3))
