#!/usr/bin/env python3
"""Compares a published catalog of every type, as Arrow reads it, with what PostgreSQL prints.

Exits with 0 if all columns are the same, 1 if any is not, 2 if the arguments are unusable.
"""

import argparse
import math
import re
import struct
import sys
from decimal import Context, Decimal, Inexact
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from hats.catalog.dataset.collection_properties import CollectionProperties

RANGE = ["lower", "upper", "lower_inclusive", "upper_inclusive", "empty"]
INTERVAL = ["months", "days", "micros"]
SHAPES = [["x", "y"], ["x1", "y1", "x2", "y2"], ["high_x", "high_y", "low_x", "low_y"], ["a", "b", "c"], ["x", "y", "radius"]]
EXACT = Context(prec=76, traps=[Inexact])
MOMENT = re.compile(r"(\d+)-(\d\d)-(\d\d)(?: ([\d:.]+)(?:\+00)?)?( BC)?")
CLOCK = re.compile(r"(-?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="directory of the collection")
    parser.add_argument("server", type=Path, help="CSV of the same rows as the server prints them, with the column id")
    args = parser.parse_args()
    if not args.server.is_file() or not (args.collection / "collection.properties").is_file():
        parser.error("not a collection and a file")
    version = args.collection / CollectionProperties.read_from_dir(args.collection).hats_primary_table_url
    # Without extensions JSON is text and a UUID its bytes.
    files = [pq.ParquetFile(file, arrow_extensions_enabled=False).read() for file in sorted((version / "dataset").rglob("Npix=*.parquet"))]
    found = pa.concat_tables(files).sort_by("id")
    server = read_server(args.server)
    if found["id"].to_pylist() != sorted(server):
        print(f"FAILED {found.num_rows} rows were found, the server has {len(server)}, or others")
        return 1
    failures = 0
    for name in found.column_names:
        if name not in ("_healpix_29", "id"):
            failures += not check(found, name, server)
    print(f"{failures} columns differ" if failures else f"all {found.num_columns - 2} columns are the same in {found.num_rows} rows")
    return 1 if failures else 0


def read_server(path):
    """The rows of the CSV, by id; NULL is nothing between two commas, an empty text a pair of quotes."""
    names = path.open(encoding="utf-8").readline().rstrip("\n").split(",")
    convert = pa.csv.ConvertOptions(
        column_types={name: pa.string() for name in names}, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
    )
    rows = pa.csv.read_csv(path, parse_options=pa.csv.ParseOptions(newlines_in_values=True), convert_options=convert)
    return {int(row["id"]): row for row in rows.to_pylist()}


def check(found, name, server):
    column = found[name]
    ids = found["id"].to_pylist()
    for key, value in zip(ids, column.cast(counted(column.type)).to_pylist()):
        text = server[key][name]
        expected = None if text is None else parse(text, column.type)
        if not same(expected, value):
            print(f"FAILED {name} as {column.type}, id {key}: the server prints {text!r}, Arrow reads {value!r}")
            return False
    print(f"ok     {name} as {column.type}")
    return True


def counted(kind):
    """The type with counts in place of dates and times, which Python's own do not hold."""
    if pa.types.is_date32(kind):
        return pa.int32()
    if pa.types.is_timestamp(kind) or pa.types.is_time64(kind):
        return pa.int64()
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(counted(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(counted(field.type)) for field in kind])
    return kind


def same(expected, found):
    if isinstance(expected, float) and isinstance(found, float):
        # Zeros have signs; one NaN is as good as another.
        return struct.pack(">d", expected) == struct.pack(">d", found) or (math.isnan(expected) and math.isnan(found))
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(same(expected[key], found[key]) for key in expected)
    return type(expected) is type(found) and expected == found


def parse(text, kind):
    """What the server's text of a value is as a value of an Arrow type."""
    if pa.types.is_list(kind):
        return elements(text, kind)
    if pa.types.is_struct(kind):
        return fields(text, kind)
    if pa.types.is_boolean(kind):
        return {"t": True, "f": False}[text]
    if pa.types.is_integer(kind):
        return int(text)
    if pa.types.is_float32(kind):
        return float(np.float32(text))
    if pa.types.is_float64(kind):
        return float(text)
    if pa.types.is_decimal(kind):
        # Money has a sign of its currency, and commas.
        return Decimal(re.sub("[$,]", "", text)).quantize(Decimal(1).scaleb(-kind.scale), context=EXACT)
    if pa.types.is_date32(kind):
        return moment(text)[0]
    if pa.types.is_timestamp(kind):
        days, micros = moment(text)
        return days * 86_400_000_000 + micros
    if pa.types.is_time64(kind):
        return clock(text)
    if pa.types.is_fixed_size_binary(kind):
        return bytes.fromhex(text.replace("-", ""))
    if pa.types.is_binary(kind):
        return bytes.fromhex(text.removeprefix("\\x"))
    return text


def moment(text):
    year, month, day, time, before = MOMENT.fullmatch(text).groups()
    year = 1 - int(year) if before else int(year)
    return days_since_1970(year, int(month), int(day)), clock(time) if time else 0


def days_since_1970(year, month, day):
    """Of the Gregorian calendar, whichever the year: from March on, so that the leap day is the year's last."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def clock(text):
    sign, hours, minutes, seconds, fraction = CLOCK.fullmatch(text).groups()
    micros = (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1_000_000 + int((fraction or "").ljust(6, "0"))
    return -micros if sign else micros


def interval(text):
    counts = dict.fromkeys(INTERVAL, 0)
    rest = text
    for count, unit in re.findall(r"(-?\d+) (year|mon|day)s?", text):
        counts["days" if unit == "day" else "months"] += int(count) * (12 if unit == "year" else 1)
        rest = re.sub(rf"{count} {unit}s? ?", "", rest, count=1)
    if rest:
        counts["micros"] = clock(rest)
    return counts


def fields(text, kind):
    names = [field.name for field in kind]
    if names == INTERVAL:
        return interval(text)
    if names in SHAPES and all(pa.types.is_float64(field.type) for field in kind):
        return dict(zip(names, map(float, re.findall(r"[^(){}\[\]<>,]+", text)), strict=True))
    if names == RANGE:
        return range_of(text, kind)
    parts = split(text[1:-1])
    return {field.name: None if part is None else parse(part, field.type) for field, part in zip(kind, parts, strict=True)}


def range_of(text, kind):
    if text == "empty":
        return {"lower": None, "upper": None, "lower_inclusive": False, "upper_inclusive": False, "empty": True}
    bounds = [None if part is None else parse(part, kind[0].type) for part in split(text[1:-1])]
    return {
        "lower": bounds[0],
        "upper": bounds[1],
        "lower_inclusive": text[0] == "[",
        "upper_inclusive": text[-1] == "]",
        "empty": False,
    }


def split(text):
    """The parts of a composite or a range, between commas; nothing at all is NULL."""
    parts, rest = [""], text
    is_null = [True]
    while rest:
        if rest[0] == ",":
            parts.append("")
            is_null.append(True)
            rest = rest[1:]
            continue
        token = re.match(r'"((?:[^"\\]|\\.|"")*)"|\\(.)|([^,"\\]+)', rest, re.DOTALL)
        quoted, escaped, plain = token.groups()
        parts[-1] += re.sub(r'\\(.)|""', lambda pair: pair[1] or '"', quoted, flags=re.DOTALL) if quoted is not None else escaped or plain
        is_null[-1] = False
        rest = rest[token.end() :]
    return [None if null else part for part, null in zip(parts, is_null)]


def elements(text, kind):
    if text != "{}" and text[1] in "[(":
        # A multirange has its ranges as they are.
        return [parse(one, kind.value_type) for one in re.findall(r'[\[(](?:"[^"]*"|[^"\])])*[\])]', text)]
    tree, end = array(text, 0)
    if end != len(text):
        raise ValueError(f"an array ends at {end}: {text}")
    return typed(tree, kind)


def typed(tree, kind):
    if tree is None:
        return None
    return [typed(part, kind.value_type) for part in tree] if isinstance(tree, list) else parse(tree, kind)


def array(text, start):
    """The array that starts somewhere, as lists of texts, and where it ends."""
    values, at = [], start + 1
    while text[at] != "}":
        if text[at] == ",":
            at += 1
        elif text[at] == "{":
            value, at = array(text, at)
            values.append(value)
        elif text[at] == '"':
            quoted = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL).match(text, at)
            values.append(re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL))
            at = quoted.end()
        else:
            plain = re.compile(r"[^,}]+").match(text, at)
            values.append(None if plain[0] == "NULL" else plain[0])
            at = plain.end()
    return values, at + 1


if __name__ == "__main__":
    sys.exit(main())
