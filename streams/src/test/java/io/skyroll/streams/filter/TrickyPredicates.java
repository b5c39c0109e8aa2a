package io.skyroll.streams.filter;

import java.util.List;

/** Predicates on {@link NastyTable}, right and wrong ones, each with a trap. Some repeat what the grammar rarely makes. */
final class TrickyPredicates {
    static final List<String> ALL = List.of(
            """
            coalesce() = 1 | abs() = 1 | i4 IN ()
            f8 = 'NaN' | f8 > 'Infinity' | f8 >= f8 | f8 < 'NaN' | f4 = f8 | f8 = 0 | f8 = -0.0 | -f8 = 0 | f4 = 0.1 | f4 = '0.1'
            f4 IN (0.1) | f4 IN (0.1, 0.2) | f8 IN (0.1, 0.2) | f4 IN (0.1, 0.2, f8) | f4 IN ('0.1', 1) | f8 NOT IN ('NaN', 1)
            f8 NOT IN ('NaN', NULL) | f8 IN ('NaN', NULL) | i4 IN (1, 2.5) | i4 IN (1, NULL, 2147483648) | i4 IN (i2, 1, 2)
            n IN (0.1, 1.500, 12) | w = 9223372036854775808 | w > 9223372036854775807.5 | w < -9223372036854775808 | w >= 1e40
            w <= -1e40 | w = f8 | w = 0.1 | n = f8 | n = f4 | n = 0.1 | n <> 0.10 | n > i4 | n = w | i8 = 9007199254740992.0
            i8 = f8 | i8 > 9223372036854775806.5 | i8 < 9223372036854775808 | i4 = 2147483648 | f8 = 9007199254740993
            f4 = 16777217 | f4 = i4 | f4 = i8 | i4 < 2.5 | i4 > -0.5 | 2.5 > i4 | 0.5 <= n | -0.5 >= n | n < 1e-3 | n = 0.001
            n > 0.0005 | i2 + 1 > 0 | i2 + i2 > 0 | i2 * i2 = 1 | i4 + 1 > 0 | i4 - 1 < 0 | i8 + 1 > 0 | i8 - 1 < 0 | i8 * 2 > 0
            i8 * -1 > 0 | -i8 > 0 | -i4 > 0 | -i2 > 0 | abs(i2) >= 0 | abs(i4) >= 0 | abs(i8) >= 0 | abs(f8) > 1 | abs(n) > 1
            i4 / -1 > 0 | i8 / -1 > 0 | i2 / -1 = 1 | i4 % -1 = 0 | i8 % -1 = 0 | 7 / i4 = 2 | -7 / 2 = -3 | -7 % 2 = -1
            i4 / 0 = 1 | i4 % 0 = 1 | n / 0 = 1 | f8 / 0 = 1 | f8 / f8 = 1 | f8 * f8 > 1 | f4 * f4 > 1 | f8 / 1e300 > 0
            f4 + f4 > 1 | f4 + 1 > 1 | f4 * 2 > 1 | f4 / 3 > 0 | f4 / f4 = 1 | f8 % 2 = 1 | n / 3 > 0.33333333333333333
            n / 3 = 0.33333333333333333333 | 1 / n > 0.1 | w / 7 > 0 | w / n > 1 | n % 0.7 = 0.1 | n % 2 = 1 | w % 3 = 1 | n * n > 1
            w * w > 1e50 | n + w > 1 | n - 0.001 = 0 | -n > 0 | 10.0 / 3 = 3.3333333333333333 | 1 / 3 = 0 | 1.0 / 3 > 0.333
            1e5 = 100000 | 0.1 + 0.2 = 0.3 | f8 + 0.2 = 0.3 | sqrt(f8) > 1 | sqrt(i4) > 1 | sqrt(4) = 2 | sqrt('4') = 2
            power(i4, 2) > 4 | power(f8, 2) > 4 | power(f8, 0.5) > 1 | power(f8, -1) > 1 | power(f8, 'NaN') = 1 | power(1, f8) = 1
            power(-1, f8) = 1 | pow(2, i2) > 8 | floor(f8) = 0 | ceil(f8) = 1 | floor(n) = -3 | ceiling(n) = -2 | floor(i4) = i4
            floor(w) > 1 | abs('-5') = 5 | ceil(f4) > 1 | t = '' | t <> '' | t = u | t IN ('a', 'A', NULL) | t NOT IN ('a', u)
            t IN ('ü') | t = 'ß' | t LIKE '' | t LIKE '%' | t LIKE '_' | t LIKE '__' | t LIKE 'a\\%b' | t LIKE 'a\\\\b'
            t LIKE '%\\' | t LIKE 'a\\' | t LIKE u | t NOT LIKE u | t ILIKE u | t LIKE 'a!%b' ESCAPE '!' | t LIKE '%' ESCAPE ''
            t LIKE 'a\\b' ESCAPE '' | t LIKE '\\%' ESCAPE '\\' | t LIKE 'a' ESCAPE 'xx' | t LIKE 'a' ESCAPE NULL | t LIKE NULL
            NULL LIKE t | t ILIKE 'Ü' | t ILIKE 'AB' | t ILIKE '%B%' | 'a%b' LIKE t | t LIKE '☃%' | t LIKE '😀_' | t LIKE '_x'
            i4 LIKE '1' | t LIKE 1 | d < '2000-01-01' | d = DATE '2024-02-29' | d >= '0001-01-01' | d < ts | d = tz | ts = tz
            ts < tz | tz > TIMESTAMP WITH TIME ZONE '2025-01-01 00:00:00+02' | tz = '2024-12-31 22:00:00Z'
            tz = '2025-01-01 00:00:00+02:00' | tz >= '2025-01-01' | ts >= '2025-01-01 12:30' | ts = '2025-01-01T12:30:00.5'
            d = '2023-02-29' | d < 'infinity' | d > '-infinity' | ts < 'infinity' | ts = 'epoch'
            tz BETWEEN '2000-01-01' AND '2025-01-01' | d BETWEEN '2000-01-01' AND TIMESTAMP '2025-01-01 00:00:01'
            d IN ('2000-01-01', TIMESTAMP '2025-01-01') | d IN ('2000-01-01', '2025-01-01') | CAST(ts AS date) = d
            CAST(d AS timestamp) = ts | CAST(tz AS date) = d | d = 1 | d > t | ts > 5 | COALESCE(d, ts) = ts | "date" < d
            d IS DISTINCT FROM ts | b | NOT b | b = TRUE | b = 't' | b = 'yes' | b = 'o' | b = 1 | b > FALSE | b IS TRUE
            b IS NOT TRUE | b IS UNKNOWN | b IS NOT UNKNOWN | b IS FALSE | b AND b2 | b OR b2 | b AND NULL | b OR NULL
            NOT (b AND b2) | b = b2 | b <> b2 | b IN (TRUE, NULL) | b IS DISTINCT FROM b2 | b IS NOT DISTINCT FROM NULL
            CAST(i4 AS boolean) | CAST(b AS int) = 1 | 'true' | 'abc' | NULL | TRUE | 1 | i4 | t | 1 = 1 | NOT NULL | NOT 1
            i4 AND b | (b IS NULL) IS TRUE | i4 IS TRUE | i4 IS NULL | n IS NULL | n IS NOT NULL | t IS NULL | d IS NULL
            (i4 + i2) IS NULL | (f8 + NULL) IS NULL | (i4 / 0) IS NULL | (t = u) IS NULL | 'x' IS NULL | NULL IS NULL
            i4 IS DISTINCT FROM i2 | f8 IS DISTINCT FROM 'NaN' | f8 IS NOT DISTINCT FROM f4 | n IS DISTINCT FROM NULL
            i4 IS DISTINCT FROM 2.5 | NULL IS DISTINCT FROM NULL | t IS DISTINCT FROM u | i4 IS DISTINCT FROM i2 + 1
            i4 / i2 = 1 OR DATE '2000-01-01' IS DISTINCT FROM TIMESTAMP WITH TIME ZONE '2025-01-01'
            i4 / i2 = 1 OR CAST(NULL AS date) IS DISTINCT FROM TIMESTAMP WITH TIME ZONE '2025-01-01'
            i4 / i2 = 1 OR DATE '2000-01-01' IS DISTINCT FROM TIMESTAMP '2025-01-01'
            i4 / i2 = 1 AND DATE '2000-01-01' IS NOT DISTINCT FROM TIMESTAMP WITH TIME ZONE '2025-01-01'
            i4 BETWEEN 1 AND 3 | i4 BETWEEN 3 AND 1 | i4 NOT BETWEEN 3 AND 1 | i4 BETWEEN SYMMETRIC 3 AND 1
            i4 NOT BETWEEN SYMMETRIC 3 AND 1 | i4 BETWEEN NULL AND 1 | i4 NOT BETWEEN NULL AND 1 | f8 BETWEEN 'NaN' AND 'NaN'
            f8 BETWEEN 0 AND 'inf' | CASE WHEN i4 > 0 THEN 1.5 ELSE f4 END = 0.1 | CASE WHEN i4 > 0 THEN f4 ELSE 0.1 END = 0.1
            CASE i4 WHEN 1 THEN 'a' WHEN 2 THEN 'ab' END = t | CASE WHEN b THEN 1 ELSE 'x' END = 1
            CASE WHEN b THEN 1 ELSE t END = 1 | CASE WHEN i4 <> 0 THEN 1 / i4 ELSE 0 END = 0
            CASE WHEN FALSE THEN 1 / 0 ELSE 1 END = 1 | CASE WHEN b THEN 1 / 0 ELSE 1 END = 1 | COALESCE(i4, 0) = 0
            COALESCE(i4, f8) = 1 | COALESCE(t, 'none') = 'none' | COALESCE(i4, t) = 1 | COALESCE(1, 1 / 0) = 1
            COALESCE(NULL, NULL) = 'a' | COALESCE(NULL, i4) = 1 | CASE WHEN NULL THEN 1 END IS NULL | CASE WHEN 1 THEN 1 END IS NULL
            CAST(f8 AS int) = 2 | CAST(f8 AS bigint) = 2 | CAST(f8 AS smallint) = 2 | CAST(f4 AS int) = 0 | CAST(n AS int) = 3
            CAST(n AS smallint) = -3 | CAST(w AS bigint) > 0 | CAST(i8 AS int) = 1 | CAST(i4 AS smallint) = 1
            CAST(f8 AS real) = 0.1 | CAST(f8 AS real) = f4 | CAST(n AS real) = f4 | CAST(w AS double precision) = 0.1
            CAST(n AS numeric(3)) = 3 | CAST(n AS numeric(3,1)) = 0.1 | CAST(i4 AS numeric(3)) = 1 | CAST('12' AS int) = i4
            CAST('1.5' AS int) = 1 | CAST(t AS int) = 12 | CAST(t AS double precision) = 1.5 | CAST(t AS real) = 'NaN'
            CAST('x' AS double precision) = 1 | CAST('NaN' AS real) = f4 | CAST(d AS int) = 1 | CAST(b AS bigint) = 1
            CAST(i2 AS boolean) | CAST('2025-01-01' AS date) = d | i4 < '12' | i4 < ' 12 ' | i4 < '12.5' | i4 < 'abc' | i4 < ''
            i2 < '40000' | f8 < '12' | f8 < '1e400' | f8 > '1e-400' | f4 > '1e-50' | f4 > '1e39' | n < '12' | n < '1e3' | n < 'x'
            i4 + '1' = 2 | '1' + '1' = 2 | '1' = 1 | 'a' = 'a' | '1' = '01' | i4 + 'x' = 1 | t > 3 | t = 3 | 3 = t | b > 3 | t = b
            i4 = b | d = b | t + 1 = 2 | t + t = u | -t = 'a' | b + b = 1 | -b | +t = 'a' | +i4 = 1 | abs(t) = 1 | sqrt(b) = 1
            abs(1, 2) = 1 | nosuch = 1 | Vmag = 1 | "I4" = 1 | I4 = 1 | "i4" = 1 | "Odd ""name" = 1 | 2147483648 > i4
            -2147483648 = i4 | -(2147483648) = i4 | -2147483648 - 1 < 0 | 2147483647 + 1 > 0 | 9223372036854775807 + 1 > 0
            -9223372036854775808 = i8 | -9223372036854775808 - 1 < 0 | 9223372036854775808 > i8 | 1. / 2 = 0.5 | 1 / 2 = 0.5
            .5 = 0.5 | 1e-3 = 0.001 | i4 = 1e0 | 1.50 = 1.5 | i4 / 0 = 1 AND DATE '2025-01-01' = TIMESTAMP '2025-01-02'
            i4 / 0 = 1 AND DATE '2025-01-01' = TIMESTAMP WITH TIME ZONE '2025-01-02' | FALSE AND 1 / 0 = 1 | 1 / 0 = 1 AND FALSE
            b AND 1 / 0 = 1 | i4 / 0 = 1 AND FALSE | TRUE OR 1 / 0 = 1 | i4 / 0 = 1 OR TRUE | i2 <> 0 AND i4 / i2 > 1
            i2 = 0 OR i4 / i2 > 1 | NULL > 1 / 0 | NULL = i4 / 0 | a = b | i4 = i2 AND i8 = 1 OR b | NOT i4 = 1 AND b
            NOT i4 IS NULL | i4 /* c */ = 1 | i4 - -1 = 2 | i4 - - 1 = 2 | i4 + 2 * 3 = 8 | (i4 + 2) * 3 = 9 | i4 - 2 - 1 = 0
            8 / 4 / 2 = 1 | -i4 + 1 = 0 | ((b)) | (i4 = 1) = b | (i4 IS NULL) = b | i4 = 1 IS TRUE | b IS NULL IS TRUE | i4 =
            i4 = = 1 | = 1 | i4 1 | (i4 = 1 | 'abc
            """
                    .strip()
                    .split("\\s*[|\n]\\s*"));

    private TrickyPredicates() {}
}
