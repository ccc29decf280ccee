-- What translated SQL calls where DuckDB has no function that does as Vertica documents.
-- Read by macros.py when a database opens; statements end with a semicolon at a line's end.
-- Errors are raised as VERTICA|SQLSTATE|number|text.

-- Whole numbers with `power` = 10^places: a / b, rounded half away from zero, times power.
-- A remainder too large for 128 bits is divided as a float.
CREATE OR REPLACE MACRO v_fraction(r, b, power) AS
    CASE
        WHEN abs(r) < 80000000000000000000 AND abs(b) < 80000000000000000000000000000000000000::HUGEINT
            THEN (abs(r) * power + abs(b) // 2) // abs(b) * sign(r) * sign(b)
        ELSE CAST(CAST(r AS DOUBLE) / CAST(b AS DOUBLE) * CAST(power AS DOUBLE) AS HUGEINT)
    END;

CREATE OR REPLACE MACRO v_scaled_quotient(a, b, power) AS
    (a // b) * power + CAST(v_fraction(a % b, b, power) AS HUGEINT);

CREATE OR REPLACE MACRO v_ratio(a, b) AS
    CAST(v_scaled_quotient(CAST(a AS HUGEINT), CAST(b AS HUGEINT), 1000000000000000000::HUGEINT)
        AS DECIMAL(38, 0)) * CAST(0.000000000000000001 AS DECIMAL(18, 18));

CREATE OR REPLACE MACRO v_divide(a, b) AS
    a / CASE WHEN b = 0 THEN error('VERTICA|22012|3117|Division by zero') ELSE b END;

-- Texts to numbers: only what Vertica reads.
CREATE OR REPLACE MACRO v_integer(s) AS
    CAST(CASE WHEN s IS NULL OR regexp_full_match(s, '\s*[+-]?[0-9]+\s*') THEN s
        ELSE error('VERTICA|22V02|2827|Could not convert a value to an int8') END AS BIGINT);

CREATE OR REPLACE MACRO v_try_integer(s) AS
    CASE WHEN regexp_full_match(s, '\s*[+-]?[0-9]+\s*') THEN TRY_CAST(s AS BIGINT) END;

-- Values to texts.
CREATE OR REPLACE MACRO v_boolean_text(b) AS CASE WHEN b THEN 't' WHEN NOT b THEN 'f' END;

CREATE OR REPLACE MACRO v_float_text(x) AS
    CASE
        WHEN isnan(x) THEN 'NaN'
        WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END
        ELSE format('{:.15g}', x)
    END;

CREATE OR REPLACE MACRO v_months(i) AS
    CAST(date_part('year', i) * 12 + date_part('month', i) AS BIGINT);

CREATE OR REPLACE MACRO v_years_text(i) AS
    CASE WHEN v_months(i) < 0 THEN '-' ELSE '' END || (abs(v_months(i)) // 12) || '-'
        || (abs(v_months(i)) % 12);

-- An interval as INTERVALSTYLE PLAIN shows it: no days if none, no seconds if none.
CREATE OR REPLACE MACRO v_clock_text(us) AS
    printf('%02d:%02d', us // 3600000000, us // 60000000 % 60)
    || CASE WHEN us % 60000000 = 0 THEN ''
        ELSE rtrim(rtrim(printf(':%02d.%06d', us // 1000000 % 60, us % 1000000), '0'), '.') END;

CREATE OR REPLACE MACRO v_micros_text(us) AS
    CASE WHEN us < 0 THEN '-' ELSE '' END
    || CASE WHEN abs(us) < 86400000000 THEN v_clock_text(abs(us))
        WHEN abs(us) % 86400000000 = 0 THEN CAST(abs(us) // 86400000000 AS VARCHAR)
        ELSE (abs(us) // 86400000000) || ' ' || v_clock_text(abs(us) % 86400000000) END;

CREATE OR REPLACE MACRO v_interval_text(i) AS v_micros_text(epoch_us(i));

-- The longest beginning of a text that fits into n octets, whole characters only.
CREATE OR REPLACE MACRO v_cut(s, n) AS
    CASE
        WHEN strlen(s) <= n THEN s
        WHEN strlen(left(s, n)) <= n THEN left(s, n)
        ELSE list_max(list_filter(
            [left(s, n // 4 + k) FOR k IN range(0, n - n // 4 + 1)], lambda t: strlen(t) <= n))
    END;

CREATE OR REPLACE MACRO v_limited(s, n) AS
    CASE WHEN strlen(s) > n
        THEN error('VERTICA|22001|4800|The result of LISTAGG is longer than ' || n || ' octets')
        ELSE s END;

CREATE OR REPLACE MACRO v_binary(b, n) AS
    CASE WHEN octet_length(b) >= n THEN array_slice(b, 1, n)
        ELSE b || unhex(repeat('00', CAST(n - octet_length(b) AS INTEGER))) END;

-- Fractional seconds to fewer digits; `step` is in microseconds.
CREATE OR REPLACE MACRO v_round_timestamp(t, step) AS
    make_timestamp(CAST(round(epoch_us(t) / step) AS BIGINT) * step);

CREATE OR REPLACE MACRO v_round_timestamptz(t, step) AS
    to_timestamp(CAST(round(epoch_us(t) / step) AS BIGINT) * step / 1000000.0);

CREATE OR REPLACE MACRO v_round_time(t, step) AS
    CAST(TIME '00:00:00' + to_microseconds(CAST(round(epoch_us(t) / step) AS BIGINT) * step) AS TIME);

CREATE OR REPLACE MACRO v_stretched(i, factor) AS
    to_microseconds(CAST(round(epoch_us(i) * factor) AS BIGINT));

-- Numbers.
CREATE OR REPLACE MACRO v_sqrt(x) AS
    sqrt(CASE WHEN x < 0 THEN error('VERTICA|2201F|2175|Cannot take square root of a negative number')
        ELSE x END);

CREATE OR REPLACE MACRO v_ln(x) AS
    ln(CASE WHEN x <= 0 THEN error('VERTICA|2201E|2174|Cannot take logarithm of zero or a negative number')
        ELSE x END);

CREATE OR REPLACE MACRO v_log(b, x) AS
    CASE WHEN b = 10 THEN log10(CASE WHEN x <= 0
            THEN error('VERTICA|2201E|2174|Cannot take logarithm of zero or a negative number') ELSE x END)
        ELSE v_ln(x) / v_ln(b) END;

CREATE OR REPLACE MACRO v_cbrt(x) AS
    CASE WHEN pow(round(cbrt(x)), 3) = x THEN round(cbrt(x)) ELSE cbrt(x) END;

CREATE OR REPLACE MACRO v_factorial(x) AS
    CASE WHEN x = floor(x) AND x BETWEEN 0 AND 20 THEN CAST(factorial(CAST(x AS INTEGER)) AS DOUBLE)
        WHEN x = floor(x) AND x < 0 THEN 'nan'::DOUBLE ELSE gamma(x + 1) END;

CREATE OR REPLACE MACRO v_width_bucket(x, low, high, buckets) AS
    CAST(CASE WHEN x < low THEN 0 WHEN x >= high THEN buckets + 1
        ELSE floor((x - low) / ((high - low) / buckets)) + 1 END AS BIGINT);

CREATE OR REPLACE MACRO v_distance(lat1, lon1, lat2, lon2, radius) AS
    radius * 2 * asin(sqrt(pow(sin(radians(lat2 - lat1) / 2), 2)
        + cos(radians(lat1)) * cos(radians(lat2)) * pow(sin(radians(lon2 - lon1) / 2), 2)));

-- Texts.
CREATE OR REPLACE MACRO v_substr(s, p) AS
    substring(s, CASE WHEN p < 0 THEN length(s) + p + 1 WHEN p = 0 THEN 1 ELSE p END);

CREATE OR REPLACE MACRO v_substr_for(s, p, n) AS
    CASE WHEN n <= 0 AND s IS NOT NULL THEN ''
        ELSE substring(s, CASE WHEN p < 0 THEN length(s) + p + 1 WHEN p = 0 THEN 1 ELSE p END, n) END;

CREATE OR REPLACE MACRO v_lpad(s, n, fill) AS
    CASE WHEN n <= 0 THEN '' WHEN fill = '' THEN left(s, n)
        ELSE lpad(s, CAST(n AS INTEGER), fill) END;

CREATE OR REPLACE MACRO v_rpad(s, n, fill) AS
    CASE WHEN n <= 0 THEN '' WHEN fill = '' THEN left(s, n)
        ELSE rpad(s, CAST(n AS INTEGER), fill) END;

CREATE OR REPLACE MACRO v_replace(s, old, new) AS
    CASE WHEN old = '' THEN s ELSE replace(s, old, new) END;

CREATE OR REPLACE MACRO v_split_part(s, d, n) AS
    CASE WHEN n > 0 THEN split_part(s, d, n)
        WHEN n IS NULL THEN NULL
        ELSE error('VERTICA|22023|3417|Field position must be greater than zero') END;

CREATE OR REPLACE MACRO v_overlay(s, new, p, n) AS
    left(s, greatest(p - 1, 0)) || new || substring(s, p + n);

CREATE OR REPLACE MACRO v_instr(s, part, start, occurrence) AS
    CASE WHEN s IS NULL OR part IS NULL THEN NULL ELSE
    coalesce(CASE WHEN start > 0 THEN
        list_filter(range(start, length(s) + 1), lambda i: substring(s, i, length(part)) = part)[occurrence]
    ELSE
        list_reverse(list_filter(range(1, length(s) + start + 2),
            lambda i: substring(s, i, length(part)) = part))[occurrence]
    END, 0) END;

CREATE OR REPLACE MACRO v_throw(s) AS
    CAST(error('VERTICA|V0001|2057|USER GENERATED ERROR: ' || s) AS VARCHAR);

CREATE OR REPLACE MACRO v_initcap(s) AS
    array_to_string(list_transform(
        regexp_extract_all(s, '[\pL\pN]+|[^\pL\pN]+'),
        lambda w: upper(left(w, 1)) || lower(substring(w, 2))), '');

-- The prefix counts at any distance; DuckDB's own function wants 0.7 before it does.
CREATE OR REPLACE MACRO v_common_prefix(a, b) AS
    len(list_filter(range(1, 5), lambda i: left(a, i) = left(b, i)
        AND length(a) >= i AND length(b) >= i));

CREATE OR REPLACE MACRO v_jaro_winkler(a, b) AS
    jaro_similarity(a, b) + 0.1::DOUBLE * v_common_prefix(a, b) * (1 - jaro_similarity(a, b));

-- Places and lengths in octets; a cut inside a character is an error of DuckDB's.
CREATE OR REPLACE MACRO v_octet_place(s, part) AS
    CASE WHEN instr(s, part) = 0 THEN 0 ELSE strlen(left(s, instr(s, part) - 1)) + 1 END;

CREATE OR REPLACE MACRO v_substrb(s, p, n) AS
    CASE WHEN n <= 0 AND s IS NOT NULL THEN '' ELSE decode(array_slice(encode(s),
        CASE WHEN p < 0 THEN strlen(s) + p + 1 WHEN p = 0 THEN 1 ELSE p END,
        CASE WHEN p < 0 THEN strlen(s) + p + 1 WHEN p = 0 THEN 1 ELSE p END + n - 1)) END;

CREATE OR REPLACE MACRO v_overlayb(s, new, p, n) AS
    CASE WHEN p > 1 THEN decode(array_slice(encode(s), 1, p - 1)) ELSE '' END || new
    || CASE WHEN p + n > strlen(s) THEN '' ELSE decode(array_slice(encode(s), p + n, strlen(s))) END;

CREATE OR REPLACE MACRO v_initcapb(s) AS
    array_to_string(list_transform(
        regexp_extract_all(s, '[A-Za-z0-9]+|[^A-Za-z0-9]+'),
        lambda w: CASE WHEN left(w, 1) BETWEEN 'A' AND 'z' OR left(w, 1) BETWEEN '0' AND '9'
            THEN upper(left(w, 1)) || lower(substring(w, 2)) ELSE w END), '');

-- SOUNDEX: letters to digits, doubled digits once, vowels away, the first letter for its digit.
CREATE OR REPLACE MACRO v_sound_digits(letters) AS
    translate(letters, 'AEIOUYHWBFPVCGJKQSXZDTLMNR', '00000000111122222222334556');

CREATE OR REPLACE MACRO v_once(digits) AS
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        regexp_replace(digits, '0+', '0', 'g'), '1+', '1', 'g'), '2+', '2', 'g'), '3+', '3', 'g'),
        '4+', '4', 'g'), '5+', '5', 'g'), '6+', '6', 'g');

CREATE OR REPLACE MACRO v_sound(first, digits) AS
    CASE WHEN first = '' THEN '' ELSE first || left(CASE WHEN left(digits, 1) = v_sound_digits(first)
        THEN substring(digits, 2) ELSE digits END || '000', 3) END;

CREATE OR REPLACE MACRO v_soundex(s) AS
    v_sound(left(regexp_replace(upper(s), '[^A-Z]', '', 'g'), 1),
        replace(v_once(v_sound_digits(regexp_replace(upper(s), '[^A-Z]', '', 'g'))), '0', ''));

CREATE OR REPLACE MACRO v_same_places(a, b) AS
    CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN len(list_filter(range(1, 5),
        lambda i: substring(a, i, 1) = substring(b, i, 1) AND length(a) >= i)) END;

CREATE OR REPLACE MACRO v_percent_decode(s) AS
    CASE WHEN s IS NOT NULL THEN coalesce(TRY(url_decode(replace(s, '+', ' '))),
        error('VERTICA|0A000|4160|A URI whose octets are no UTF-8 is not supported here')) END;

CREATE OR REPLACE MACRO v_quote_ident(s) AS
    CASE WHEN regexp_full_match(s, '[a-z_][a-z0-9_$]*') THEN s
        ELSE '"' || replace(s, '"', '""') || '"' END;

CREATE OR REPLACE MACRO v_unhex(s) AS
    unhex(CASE WHEN starts_with(lower(s), '0x') THEN substring(s, 3) ELSE s END);

CREATE OR REPLACE MACRO v_hex_integer(s) AS
    CAST('0x' || CASE WHEN starts_with(lower(s), '0x') THEN substring(s, 3) ELSE s END AS BIGINT);

CREATE OR REPLACE MACRO v_unbits(s) AS CAST(CAST(s AS BIT) AS BLOB);

CREATE OR REPLACE MACRO v_inet_aton(s) AS
    CASE WHEN regexp_full_match(s, '(\d{1,3}\.){3}\d{1,3}') THEN
        CAST(split_part(s, '.', 1) AS BIGINT) * 16777216 + CAST(split_part(s, '.', 2) AS BIGINT) * 65536
        + CAST(split_part(s, '.', 3) AS BIGINT) * 256 + CAST(split_part(s, '.', 4) AS BIGINT) END;

CREATE OR REPLACE MACRO v_inet_ntoa(i) AS
    (i // 16777216) || '.' || (i // 65536 % 256) || '.' || (i // 256 % 256) || '.' || (i % 256);

CREATE OR REPLACE MACRO v_regexp_instr(s, pattern, start, occurrence, after) AS
    CASE WHEN s IS NULL OR pattern IS NULL THEN NULL
        WHEN len(regexp_extract_all(s, pattern)) < occurrence THEN 0
        ELSE start + CAST(length(array_to_string(list_slice(
                list_zip(regexp_split_to_array(s, pattern),
                    regexp_extract_all(s, pattern)), 1, occurrence)
                .list_transform(lambda z: coalesce(z[1], '') || coalesce(z[2], '')), '')) AS BIGINT)
            - CASE WHEN after = 1 THEN 0
                ELSE length(regexp_extract_all(s, pattern)[occurrence]) END
    END;

-- The text with one match replaced; `found` are all matches, `parts` what stands between them.
-- Where a match is empty, DuckDB's parts and matches do not fit together.
CREATE OR REPLACE MACRO v_woven(parts, found) AS
    array_to_string(list_transform(list_zip(parts, found),
        lambda z: coalesce(z[1], '') || coalesce(z[2], '')), '');

CREATE OR REPLACE MACRO v_with_one_replaced(s, parts, found, occurrence, new) AS
    CASE WHEN s IS NULL OR found IS NULL THEN NULL
        WHEN list_contains(found, '')
            THEN error('VERTICA|0A000|4160|An occurrence of a pattern that matches an empty text is not supported here')
        WHEN len(found) < occurrence THEN s
        ELSE v_woven(parts[:occurrence], list_append(found[:occurrence - 1], new))
            || v_woven(parts[occurrence + 1:], found[occurrence + 1:]) END;

CREATE OR REPLACE MACRO v_bits_and(a, b) AS
    CAST(CAST(v_binary(a, greatest(octet_length(a), octet_length(b))) AS BIT)
        & CAST(v_binary(b, greatest(octet_length(a), octet_length(b))) AS BIT) AS BLOB);

CREATE OR REPLACE MACRO v_bits_or(a, b) AS
    CAST(CAST(v_binary(a, greatest(octet_length(a), octet_length(b))) AS BIT)
        | CAST(v_binary(b, greatest(octet_length(a), octet_length(b))) AS BIT) AS BLOB);

CREATE OR REPLACE MACRO v_bits_xor(a, b) AS
    CAST(xor(CAST(v_binary(a, greatest(octet_length(a), octet_length(b))) AS BIT),
        CAST(v_binary(b, greatest(octet_length(a), octet_length(b))) AS BIT)) AS BLOB);

-- A number's digits for TO_CHAR: `zeros` forced digits before the point; all places kept
-- or, for FM, only those up to the last that the pattern forces.
CREATE OR REPLACE MACRO v_whole_digits(w, zeros, grouped) AS
    CASE WHEN w = 0 AND zeros = 0 THEN ''
        WHEN grouped THEN format('{:,}', CAST(w AS BIGINT))
        ELSE lpad(CAST(w AS VARCHAR), CAST(greatest(length(CAST(w AS VARCHAR)), zeros) AS INTEGER), '0') END;

CREATE OR REPLACE MACRO v_trimmed(digits, kept) AS
    rpad(rtrim(digits, '0'), CAST(greatest(length(rtrim(digits, '0')), kept) AS INTEGER), '0');

CREATE OR REPLACE MACRO v_digits(scaled, places, zeros, grouped, kept) AS
    v_whole_digits(scaled // CAST(pow(10, places) AS BIGINT), zeros, grouped)
    || CASE WHEN places = 0 THEN ''
        WHEN kept >= places
            THEN '.' || lpad(CAST(scaled % CAST(pow(10, places) AS BIGINT) AS VARCHAR), places, '0')
        ELSE '.' || v_trimmed(
            lpad(CAST(scaled % CAST(pow(10, places) AS BIGINT) AS VARCHAR), places, '0'), kept) END;

CREATE OR REPLACE MACRO v_right_of(s, width) AS
    CASE WHEN length(s) >= width THEN s ELSE lpad(s, width, ' ') END;

CREATE OR REPLACE MACRO v_number_text(x, digits, places, zeros, grouped, kept, width, mark) AS
    v_right_of(CASE WHEN x < 0 THEN '-' ELSE '' END || mark ||
        CASE WHEN abs(round(x, places)) >= pow(10, digits)
            THEN repeat('#', digits) || CASE WHEN places > 0 THEN '.' || repeat('#', places) ELSE '' END
            ELSE v_digits(CAST(round(abs(CAST(x AS DECIMAL(38, 10))) * CAST(pow(10, places) AS BIGINT)) AS BIGINT),
                places, zeros, grouped, kept) END,
        width);

-- Dates and times.
CREATE OR REPLACE MACRO v_week(d) AS
    CAST((dayofyear(d) + dayofweek(date_trunc('year', CAST(d AS TIMESTAMP))) - 1) // 7 + 1 AS BIGINT);

CREATE OR REPLACE MACRO v_add_months(d, n) AS
    CASE WHEN d = last_day(d) THEN last_day(CAST(d + to_months(CAST(n AS INTEGER)) AS DATE))
        ELSE CAST(d + to_months(CAST(n AS INTEGER)) AS DATE) END;

CREATE OR REPLACE MACRO v_months_old(later, earlier) AS
    CAST(date_sub('month', earlier, later) AS BIGINT);

CREATE OR REPLACE MACRO v_months_between(a, b) AS
    CASE WHEN day(a) = day(b) OR (CAST(a AS DATE) = last_day(a) AND CAST(b AS DATE) = last_day(b))
        THEN CAST((year(a) - year(b)) * 12 + month(a) - month(b) AS DOUBLE)
        ELSE (year(a) - year(b)) * 12 + month(a) - month(b)
            + (epoch(a) - epoch(date_trunc('month', a)) - epoch(b) + epoch(date_trunc('month', b)))
            / (31 * 86400.0::DOUBLE) END;

CREATE OR REPLACE MACRO v_next_day(d, word) AS
    d + CAST(((CASE lower(left(word, 3)) WHEN 'sun' THEN 0 WHEN 'mon' THEN 1 WHEN 'tue' THEN 2
        WHEN 'wed' THEN 3 WHEN 'thu' THEN 4 WHEN 'fri' THEN 5 WHEN 'sat' THEN 6
        ELSE error('VERTICA|22023|7543|Not a day of the week') END
        - dayofweek(d) + 6) % 7) + 1 AS INTEGER);

-- A timestamp read from a text that tells BC or AD.
CREATE OR REPLACE MACRO v_of_era(t, s) AS
    CASE WHEN regexp_matches(s, '(?i)B\.?C\.?\s*$')
        THEN t - to_years(CAST(2 * year(t) - 1 AS INTEGER)) ELSE t END;

-- Slices count from 2000-01-01.
CREATE OR REPLACE MACRO v_slice(t, width, shift) AS
    make_timestamp(
        epoch_us(t) - ((epoch_us(t) - 946684800000000) % width + width) % width + shift
    );

-- The value at an edge of a slice, from the row before the edge and the row after it.
CREATE OR REPLACE MACRO v_constant(edge, before, value, after, next) AS
    CASE WHEN before IS NULL THEN next ELSE value END;

CREATE OR REPLACE MACRO v_linear(edge, before, value, after, next) AS
    CASE
        WHEN before IS NULL THEN next
        WHEN after IS NULL OR before = edge THEN value
        ELSE value + (next - value) * CAST(epoch_us(edge) - epoch_us(before) AS DOUBLE)
            / (epoch_us(after) - epoch_us(before))
    END;

CREATE OR REPLACE MACRO v_step(unit) AS
    CASE unit WHEN 'century' THEN INTERVAL 100 YEAR WHEN 'year' THEN INTERVAL 1 YEAR
        WHEN 'quarter' THEN INTERVAL 3 MONTH WHEN 'month' THEN INTERVAL 1 MONTH
        WHEN 'week' THEN INTERVAL 7 DAY WHEN 'day' THEN INTERVAL 1 DAY
        WHEN 'hour' THEN INTERVAL 1 HOUR WHEN 'minute' THEN INTERVAL 1 MINUTE
        WHEN 'second' THEN INTERVAL 1 SECOND
        ELSE error('VERTICA|22023|7543|Unit not recognized') END;

CREATE OR REPLACE MACRO v_micros(unit) AS
    CASE unit WHEN 'day' THEN 86400000000 WHEN 'hour' THEN 3600000000 WHEN 'minute' THEN 60000000
        WHEN 'second' THEN 1000000 WHEN 'milliseconds' THEN 1000 ELSE 1 END;

CREATE OR REPLACE MACRO v_round_to(unit, t) AS
    CASE WHEN t - date_trunc(unit, t) < date_trunc(unit, date_trunc(unit, t) + v_step(unit)) - t
        THEN date_trunc(unit, t) ELSE date_trunc(unit, date_trunc(unit, t) + v_step(unit)) END;

CREATE OR REPLACE MACRO v_trunc_interval(unit, i) AS
    to_microseconds(epoch_us(i) // v_micros(unit) * v_micros(unit));

CREATE OR REPLACE MACRO v_overlaps(a, b, c, d) AS
    CASE WHEN least(a, b) = greatest(a, b) AND least(c, d) = greatest(c, d) THEN a = c
        ELSE least(a, b) < greatest(c, d) AND least(c, d) < greatest(a, b) END;

CREATE OR REPLACE MACRO v_roman_month(m) AS
    ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'][m];

-- Spatial objects of two dimensions as well-known binary; rings are closed, lines have two points.
CREATE OR REPLACE MACRO v_rings(shown) AS
    list_transform(regexp_extract_all(shown, '\(([^()]+)\)', 1), lambda r: string_split(r, ', '));

CREATE OR REPLACE MACRO v_is_whole(shown) AS
    CASE
        WHEN shown LIKE '%LINESTRING%' THEN list_min(list_transform(v_rings(shown), lambda r: len(r))) > 1
        WHEN shown LIKE '%POLYGON%'
            THEN list_min(list_transform(v_rings(shown), lambda r: len(r) > 3 AND r[1] = r[-1]))
        ELSE true
    END;

CREATE OR REPLACE MACRO v_is_spatial(wkt) AS
    regexp_full_match(
        wkt,
        '\s*(multi)?(point|linestring|polygon)[\s(]+[-+.0-9e]+\s+[-+.0-9e]+'
            || '([\s(),]+[-+.0-9e]+\s+[-+.0-9e]+)*[\s)]+',
        'i'
    ) AND coalesce(v_is_whole(ST_AsText(TRY_CAST(wkt AS GEOMETRY))), false);

CREATE OR REPLACE MACRO v_spatial(wkt, name, ignore_errors) AS
    CASE
        WHEN v_is_spatial(wkt) THEN ST_AsWKB(CAST(wkt AS GEOMETRY))
        WHEN wkt IS NULL OR ignore_errors THEN NULL
        ELSE error('VERTICA|VP001|5861|Error calling processBlock() in User Function ' || name
            || ', message: Invalid well-known text')
    END;
