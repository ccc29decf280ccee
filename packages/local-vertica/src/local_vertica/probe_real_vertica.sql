-- Asks a real Vertica what its documentation leaves open, and prints where the stand-in assumes otherwise.
--
--     vsql -h HOST -U USER -d DATABASE -X -A -t -f probe_real_vertica.sql
--
-- Each question prints one line: a word for the question, then "as assumed", or "DIFFERS" with what was found.
-- A statement that the server refuses prints its error below the line that announces it; the line says which of both is assumed.
-- It writes only temporary tables and the schema probe_stand_in, which it drops in the end.

\set ON_ERROR_STOP off
\set AUTOCOMMIT off

CREATE SCHEMA IF NOT EXISTS probe_stand_in;
SET SEARCH_PATH TO probe_stand_in, public;
CREATE TABLE IF NOT EXISTS three (id INT NOT NULL, name VARCHAR(5), born DATE);
CREATE TABLE IF NOT EXISTS amounts (amount NUMERIC(6,2), is_paid BOOLEAN);
CREATE TABLE IF NOT EXISTS moments (id INT, moment TIMESTAMP);
CREATE TABLE IF NOT EXISTS coded (moment TIMESTAMP ENCODING BLOCK_DICT, number INT ENCODING BLOCK_DICT);
CREATE TEMP TABLE answers (question VARCHAR(100), assumed VARCHAR(500), found VARCHAR(500)) ON COMMIT PRESERVE ROWS;

-- 1. The words of reasons for rejects -----------------------------------------------------------------------------

COPY three FROM STDIN DELIMITER ',' NULL '' NO ESCAPE ENFORCELENGTH REJECTED DATA AS TABLE three_rejects;
1,ab
2,ab,2020-01-01,extra
x,ab,2020-01-01
4,abcdefg,2020-01-01
5,ab,2020-13-01
,ab,2020-01-01

7,ab,not a date
\.
INSERT INTO answers SELECT 'too few fields', 'Too few columns found', rejected_reason FROM three_rejects WHERE rejected_data LIKE '1,%';
INSERT INTO answers SELECT 'too many fields', 'Too many columns found', rejected_reason FROM three_rejects WHERE rejected_data LIKE '2,%';
INSERT INTO answers SELECT 'integer', 'Invalid integer format ''x'' for column 1 (id)', rejected_reason FROM three_rejects WHERE rejected_data LIKE 'x,%';
INSERT INTO answers SELECT 'too long', 'The 7-byte value is too long for type Varchar(5), column 2 (name)', rejected_reason FROM three_rejects WHERE rejected_data LIKE '4,%';
INSERT INTO answers SELECT 'date', 'Invalid date format ''2020-13-01'' for column 3 (born)', rejected_reason FROM three_rejects WHERE rejected_data LIKE '5,%';
INSERT INTO answers SELECT 'null in a NOT NULL column', 'NULL value in NOT NULL column 1 (id)', rejected_reason FROM three_rejects WHERE rejected_data LIKE ',ab%';
INSERT INTO answers SELECT 'row_number after a blank line', '7', row_number::VARCHAR FROM three_rejects WHERE rejected_data LIKE '7,%';
INSERT INTO answers SELECT 'file_name of STDIN', 'STDIN (Batch No. 1)', MIN(file_name) FROM three_rejects;

COPY amounts FROM STDIN DELIMITER ',' NO ESCAPE REJECTED DATA AS TABLE amount_rejects;
12x,t
1.00,perhaps
\.
INSERT INTO answers SELECT 'numeric', 'Invalid numeric format ''12x'' for column 1 (amount)', rejected_reason FROM amount_rejects WHERE rejected_data LIKE '12x%';
INSERT INTO answers SELECT 'boolean', 'Invalid boolean format ''perhaps'' for column 2 (is_paid)', rejected_reason FROM amount_rejects WHERE rejected_data LIKE '1.00%';

-- 2. The reject table under NO COMMIT is a local temporary one -----------------------------------------------------

COPY three FROM STDIN DELIMITER ',' NO ESCAPE REJECTED DATA AS TABLE rejects_of_a_transaction NO COMMIT;
x,a,2020-01-01
\.
INSERT INTO answers SELECT 'reject table under NO COMMIT', 'temporary: t', 'temporary: ' || CASE WHEN MAX(is_temp_table::INT) = 1 THEN 't' ELSE 'f' END
FROM v_catalog.tables WHERE table_name = 'rejects_of_a_transaction';
INSERT INTO answers SELECT 'its row is readable in the transaction', '1', COUNT(*)::VARCHAR FROM rejects_of_a_transaction;
COMMIT;
INSERT INTO answers SELECT 'and after the commit', '1', COUNT(*)::VARCHAR FROM rejects_of_a_transaction;

-- 3. Empty fields and NULL strings ---------------------------------------------------------------------------------

COPY three FROM STDIN DELIMITER ',' NULL 'none' NO ESCAPE REJECTED DATA AS TABLE empty_rejects;
11,,none
,b,none
12,c,
\.
INSERT INTO answers SELECT 'empty text under another NULL string', 'empty, not null', CASE WHEN name = '' THEN 'empty, not null' WHEN name IS NULL THEN 'null' ELSE 'text' END FROM three WHERE id = 11;
INSERT INTO answers SELECT 'empty integer and date under another NULL string', '2 rejects', COUNT(*)::VARCHAR || ' rejects' FROM empty_rejects;

COPY three (id AS 51, born AS CAST('2020-01-01' AS DATE), name) FROM STDIN DELIMITER ',';
constant
\.
INSERT INTO answers SELECT 'constants as computed columns', '51 2020-01-01', id::VARCHAR || ' ' || born::VARCHAR FROM three WHERE name = 'const';
COPY three (id, name) FROM STDIN DELIMITER ',' ENCLOSED BY '"';
21,""
\.
INSERT INTO answers SELECT 'a quoted empty string', 'empty, not null', CASE WHEN name = '' THEN 'empty, not null' WHEN name IS NULL THEN 'null' ELSE 'text' END FROM three WHERE id = 21;

-- An old manual says that a zone in the input of a TIMESTAMP is ignored, a newer one that it makes it a TIMESTAMPTZ.
SET TIME ZONE TO 'Europe/Moscow';
COPY moments FROM STDIN DELIMITER ',' REJECTED DATA AS TABLE moment_rejects;
1,2020-01-01 10:00:00+01
2,2020-01-01 10:00:00+16
\.
INSERT INTO answers SELECT 'an offset in a TIMESTAMP', '2020-01-01 10:00:00', MAX(moment)::VARCHAR FROM moments WHERE id = 1;
INSERT INTO answers SELECT 'an offset of 16 hours', '1 rejects', COUNT(*)::VARCHAR || ' rejects' FROM moment_rejects;
SET TIME ZONE TO DEFAULT;

-- 4. Limits --------------------------------------------------------------------------------------------------------

\echo 'REJECTMAX 2 with two rejects: assumed to fail'
COPY three (id) FROM STDIN REJECTMAX 2;
x
y
\.
\echo 'ENCLOSED BY the same as ESCAPE AS: assumed to be refused (3169)'
COPY three (id) FROM STDIN ENCLOSED BY '"' ESCAPE AS '"';
31
\.
\echo 'SKIP BYTES of delimited data: assumed to be refused'
COPY three (id) FROM STDIN SKIP BYTES 2;
x
41
\.
\echo 'LOCAL with REJECTED DATA AS TABLE: assumed to be refused by old servers (5767), allowed by new ones'
COPY three FROM LOCAL '/dev/null' REJECTED DATA AS TABLE local_rejects;

-- 5. SQL -----------------------------------------------------------------------------------------------------------

\echo 'a subquery in FROM without an alias: assumed to be refused'
SELECT COUNT(*) FROM (SELECT 1 AS one);
\echo 'several rows in VALUES: assumed to be refused (42601)'
INSERT INTO amounts VALUES (1, TRUE), (2, FALSE);
\echo 'an inner JOIN without ON: assumed to be refused (42601)'
SELECT COUNT(*) FROM three AS t JOIN three AS u;
\echo 'RIGHT and FULL JOIN with USING: assumed to be taken'
SELECT COUNT(*) FROM three AS t RIGHT JOIN three AS u USING (id);
SELECT COUNT(*) FROM three AS t FULL JOIN three AS u USING (id);
\echo 'an alias of the select list in WHERE: assumed to be refused (42703), though the page of SELECT tells of aliases in predicates'
SELECT id + 1 AS later FROM three WHERE later > 1;
\echo 'INTEGER as a condition: assumed to be taken, as it turns into BOOLEAN by itself'
SELECT COUNT(*) FROM three WHERE 1;
SELECT COUNT(*) FROM three WHERE id AND TRUE;
\echo 'the type TEXT: assumed to be refused (42601)'
SELECT 1::TEXT;
\echo 'regular expressions by ~: assumed to be refused (42601)'
SELECT 'a' ~ 'a';
\echo 'POSITION with a comma: assumed to be refused (42601)'
SELECT POSITION('a', 'abc');
\echo 'a subquery in the select list that is also in GROUP BY: assumed to be refused (0A000)'
SELECT id, (SELECT MAX(id) FROM three) FROM three GROUP BY id, (SELECT MAX(id) FROM three);
\echo 'LISTAGG DISTINCT ordered by another expression: assumed to be taken; the stand-in refuses it as not supported (0A000)'
SELECT LISTAGG(DISTINCT name) WITHIN GROUP (ORDER BY id) FROM three;
\echo 'CURRENT_TIMESTAMP with empty parentheses: assumed to be refused (42601); NOW and SYSDATE with a precision: 42883'
SELECT CURRENT_TIMESTAMP();
SELECT NOW(3);
SELECT SYSDATE(3);
\echo 'a precision beyond microseconds: assumed to be refused (22023)'
SELECT CURRENT_TIMESTAMP(7);
\echo 'fewer values than columns in MERGE without a list of columns: assumed to be taken'
MERGE INTO amounts USING three ON amounts.amount = three.id WHEN NOT MATCHED THEN INSERT VALUES (three.id);
\echo 'the name of a zone that is an offset: the stand-in shows Etc/GMT+7'
SET TIME ZONE TO '-7';
SHOW TIMEZONE;
SET TIME ZONE TO DEFAULT;
INSERT INTO answers SELECT 'INTERPOLATE of a moment that two earlier rows share', '9', COALESCE(MAX(q.v)::VARCHAR || CASE WHEN COUNT(*) > 1 THEN ' and more rows' ELSE '' END, 'null') FROM (SELECT 2 AS n) AS p LEFT JOIN (SELECT 1 AS n, 9 AS v UNION ALL SELECT 1, 8) AS q ON p.n INTERPOLATE PREVIOUS VALUE q.n;
INSERT INTO answers SELECT 'INTERPOLATE of a moment that is null', 'null', COALESCE(MAX(q.v)::VARCHAR, 'null') FROM (SELECT NULL::INT AS n) AS p LEFT JOIN (SELECT 1 AS n, 9 AS v) AS q ON p.n INTERPOLATE PREVIOUS VALUE q.n;
\echo 'INTERPOLATE beside a comparison with a constant, and between columns of different types: assumed to be refused'
SELECT COUNT(*) FROM three AS t LEFT JOIN moments AS m ON t.id INTERPOLATE PREVIOUS VALUE m.id AND m.moment > '2000-01-01';
SELECT COUNT(*) FROM three AS t LEFT JOIN moments AS m ON t.born INTERPOLATE PREVIOUS VALUE m.moment;
\echo 'a smoothing factor that is no constant: assumed to be refused'
SELECT EXPONENTIAL_MOVING_AVERAGE(id, 1.0 / id) OVER (ORDER BY id) FROM three;
\echo 'the moving average of NULL: what comes out, here and in the row after it? The stand-in refuses it as not supported (0A000)'
SELECT n, EXPONENTIAL_MOVING_AVERAGE(v, 0.5) OVER (ORDER BY n) FROM (SELECT 1 AS n, 4 AS v UNION ALL SELECT 2, NULL UNION ALL SELECT 3, 8) AS given;
\echo 'an invalid escape in U&: assumed to be refused (42601)'
SELECT U&'\zz';
INSERT INTO answers SELECT 'DATE_TRUNC of a DATE', '2012-05-01', DATE_TRUNC('month', DATE '2012-05-24')::VARCHAR;
INSERT INTO answers SELECT 'the first year of a century', '2001-01-01 00:00:00', DATE_TRUNC('century', TIMESTAMP '2011-09-15 13:14')::VARCHAR;
INSERT INTO answers SELECT 'weeks from Saturday to Sunday, from Sunday to Monday', '0 1', DATEDIFF('week', DATE '2009-02-21', DATE '2009-02-22')::VARCHAR || ' ' || DATEDIFF('week', DATE '2009-02-22', DATE '2009-02-23')::VARCHAR;
INSERT INTO answers SELECT 'HH', '15', TO_CHAR(TIMESTAMP '2009-12-14 15:28:33', 'HH');
INSERT INTO answers SELECT 'HH beside AM', '03 PM', TO_CHAR(TIMESTAMP '2009-12-14 15:28:33', 'HH AM');
INSERT INTO answers SELECT 'HH24 of an interval of days', '50', TO_CHAR(INTERVAL '50 hours', 'HH24');
INSERT INTO answers SELECT 'scale of ROUND', '4.0 10.00', ROUND(3.5)::VARCHAR || ' ' || ROUND(9.99, 1)::VARCHAR;
INSERT INTO answers SELECT 'scale of TRUNC', '42.0 42.4300', TRUNC(42.8)::VARCHAR || ' ' || TRUNC(42.4382, 2)::VARCHAR;
INSERT INTO answers SELECT 'scale of a product and a quotient', '2.250 0.333333333333333333', (1.5 * 1.50)::VARCHAR || ' ' || (1.00 / 3.0)::VARCHAR;
INSERT INTO answers SELECT 'a zone in the constant of a TIMESTAMP', '1999-01-08 04:05:06', (TIMESTAMP '1999-01-08 04:05:06 PST')::VARCHAR;
-- The page of number-type literals says that NaN equals nothing; the stand-in sorts and compares it as the largest number.
INSERT INTO answers SELECT 'NaN equals NaN', 'true', CASE WHEN FLOAT 'NaN' = FLOAT 'NaN' THEN 'true' ELSE 'false' END;
INSERT INTO answers SELECT 'INITCAP after digits', 'Abc Def 123avc 124btd,Last', INITCAP('abc DEF 123aVC 124Btd,lAsT');
INSERT INTO answers SELECT 'INITCAPB of a letter of two octets', 'éTudiant', INITCAPB('étudiant');
INSERT INTO answers SELECT 'SOUNDEX of a repeated first sound', 'P236', SOUNDEX('Pfister');
INSERT INTO answers SELECT 'EXTRACT week of a Sunday in January', '1', EXTRACT(WEEK FROM DATE '2006-01-01')::VARCHAR;
INSERT INTO answers SELECT 'INSTR from the end', '2', INSTR('corporate floor', 'or', -3, 2)::VARCHAR;
INSERT INTO answers SELECT 'SPLIT_PART beyond the last part', 'empty', CASE WHEN SPLIT_PART('a,b', ',', 5) = '' THEN 'empty' ELSE COALESCE(SPLIT_PART('a,b', ',', 5), 'null') END;
INSERT INTO answers SELECT 'TIMESTAMPDIFF of months counts month ends', '1', TIMESTAMPDIFF('month', '2010-01-31 23:59', '2010-02-01 00:00')::VARCHAR;
INSERT INTO answers SELECT '''5'' + 1', '6', ('5' + 1)::VARCHAR;
INSERT INTO answers SELECT '7 / 2', '3.500000000000000000', (7 / 2)::VARCHAR;
INSERT INTO answers SELECT '7 // 2', '3', (7 // 2)::VARCHAR;
INSERT INTO answers SELECT 'MD5 as UUID', '900150983cd24fb0d6963f7d28e17f72', REPLACE((MD5('abc')::UUID)::VARCHAR, '-', '');
INSERT INTO answers SELECT 'MD5 as UUID, the version before it', '90015098-3cd2-4fb0-d696-3f7d28e17f72', COALESCE(LAG(MD5(name)::UUID) OVER (ORDER BY id), MD5('abc')::UUID)::VARCHAR FROM (SELECT 1 AS id, 'x' AS name) AS one;
INSERT INTO answers SELECT 'a backslash and a quote in E', '4', OCTET_LENGTH(E'a\\''b')::VARCHAR;
INSERT INTO answers SELECT 'microseconds of a moment', '500001', TO_CHAR(TIMESTAMP '2020-01-01 00:00:00.5' + INTERVAL '1 microsecond', 'US');
INSERT INTO answers SELECT 'a LONG VARCHAR cut within a letter', '1', CHARACTER_LENGTH(('ЯЯ'::LONG VARCHAR(4))::VARCHAR(3))::VARCHAR;
INSERT INTO answers SELECT 'two subqueries and no FROM', '1 2', (SELECT 1)::VARCHAR || ' ' || (SELECT 2)::VARCHAR;
INSERT INTO answers SELECT 'octets of a Cyrillic letter', '2', OCTET_LENGTH('я')::VARCHAR;
INSERT INTO answers SELECT 'UPPER of Cyrillic', 'Я', UPPER('я');
INSERT INTO answers SELECT 'an alias named later in the same list', '3', z::VARCHAR FROM (SELECT 1 AS y, y + 2 AS z) AS given;
INSERT INTO answers SELECT 'the same if a column has that name', '5', z::VARCHAR FROM (SELECT a + 1 AS b, b AS z FROM (SELECT 1 AS a, 5 AS b) AS columns_first) AS given;
INSERT INTO answers SELECT 'GREATEST with a null', 'null', COALESCE(GREATEST(1, NULL)::VARCHAR, 'null');
INSERT INTO answers SELECT 'TS_FIRST_VALUE of a slice that begins before the first row', '1', COALESCE(MIN(f)::VARCHAR, 'null') FROM (SELECT s, TS_FIRST_VALUE(v) AS f FROM (SELECT '2000-01-01 00:00:01'::TIMESTAMP AS ts, 1 AS v UNION ALL SELECT '2000-01-01 00:00:09'::TIMESTAMP, 2) AS given TIMESERIES s AS '5 seconds' OVER (ORDER BY ts)) AS filled WHERE s = '2000-01-01 00:00:00';
INSERT INTO answers SELECT 'TS_LAST_VALUE, linear, of a slice that ends after the last row', '3.5', COALESCE(MIN(f)::VARCHAR, 'null') FROM (SELECT s, TS_LAST_VALUE(v, 'LINEAR') AS f FROM (SELECT '2000-01-01 00:00:01'::TIMESTAMP AS ts, 1.5::FLOAT AS v UNION ALL SELECT '2000-01-01 00:00:09'::TIMESTAMP, 3.5::FLOAT) AS given TIMESERIES s AS '5 seconds' OVER (ORDER BY ts)) AS filled WHERE s = '2000-01-01 00:00:05';
INSERT INTO answers SELECT 'linear values of INTEGERs', '1.5', COALESCE(MIN(f)::VARCHAR, 'null') FROM (SELECT s, TS_FIRST_VALUE(v, 'LINEAR') AS f FROM (SELECT '2000-01-01 00:00:01'::TIMESTAMP AS ts, 1 AS v UNION ALL SELECT '2000-01-01 00:00:09'::TIMESTAMP, 2) AS given TIMESERIES s AS '5 seconds' OVER (ORDER BY ts)) AS filled WHERE s = '2000-01-01 00:00:05';

-- 6. Rights --------------------------------------------------------------------------------------------------------

CREATE USER probe_nobody;
INSERT INTO answers SELECT 'privileges of PUBLIC on the database', 'TEMP', privileges_description FROM grants WHERE object_type = 'DATABASE' AND LOWER(grantee) = 'public';
INSERT INTO answers SELECT 'privileges of PUBLIC on the schema public', 'none', COALESCE(MAX(privileges_description), 'none') FROM grants WHERE object_type = 'SCHEMA' AND object_name = 'public' AND LOWER(grantee) = 'public';
\echo 'INSERT on all tables of a schema that holds a view: assumed to be refused (3730)'
CREATE VIEW ids AS SELECT id FROM three;
GRANT INSERT ON ALL TABLES IN SCHEMA probe_stand_in TO probe_nobody;
\echo 'by hand, as probe_nobody: SELECT * FROM probe_stand_in.three: assumed 3580, and 4367 after GRANT USAGE ON SCHEMA probe_stand_in'
\echo 'by hand, as probe_nobody: DROP TABLE probe_stand_in.three: assumed 3989; TRUNCATE: 4367; CREATE TABLE probe_stand_in.x (a INT): 4368'
\echo 'by hand, as probe_nobody: ALTER SESSION SET KeepAliveIdleTime = 60: may an ordinary user do so?'
\echo 'by hand, on a FIPS database: SELECT MD5(''abc''): is it refused?'
\echo 'by hand, while one session holds LOCK TABLE … IN EXCLUSIVE MODE: does DO_TM_TASK(''mergeout'', …) go on beside it, as assumed?'
\echo 'by hand, in SERIALIZABLE: does SHOW TRANSACTION_ISOLATION tell READ COMMITTED once SET SESSION CHARACTERISTICS has said so, as assumed?'
\echo 'by hand: kill a client host that holds a lock: after how long is it gone from v_monitor.locks?'
\echo 'by hand, as probe_nobody: COPY probe_stand_in.three FROM a file on the server, CREATE USER: assumed 42501, with which numbers?'

-- The answers ------------------------------------------------------------------------------------------------------

SELECT question || ': ' || CASE WHEN assumed = found THEN 'as assumed' ELSE 'DIFFERS: assumed "' || assumed || '", found "' || COALESCE(found, '(null)') || '"' END
FROM answers ORDER BY (assumed = found), question;

ROLLBACK;
DROP TABLE IF EXISTS three_rejects, amount_rejects, empty_rejects, moment_rejects, local_rejects;
DROP SCHEMA IF EXISTS probe_stand_in CASCADE;
DROP USER IF EXISTS probe_nobody CASCADE;
