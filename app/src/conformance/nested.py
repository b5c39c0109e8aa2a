"""Judges how LSDB reads columns of light curves and the like, which it takes for nested frames, by brute force."""


import lsdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hats import read_hats
from nested_pandas import NestedDtype
from margins import HEALPIX, leaf_rows


def check_nested(report, path, catalog_path, catalog):
    """Checks all columns that are lists of records, or records of lists only; report has check(passed, what, detail)."""
    schema = pq.read_schema(catalog_path / "dataset" / "_common_metadata")
    for field in schema:
        if is_nested_frame(field.type):
            rows = leaf_rows(catalog_path, read_hats(catalog_path).get_healpix_pixels())
            check_column(report, path, catalog, rows, field)


def is_nested_frame(kind):
    if pa.types.is_struct(kind):
        return all(pa.types.is_list(field.type) for field in kind)
    return pa.types.is_list(kind) and pa.types.is_struct(kind.value_type)


def check_column(report, path, catalog, rows, field):
    name = field.name
    if not report.check(isinstance(catalog.dtypes[name], NestedDtype), f"LSDB takes {name} for a nested frame", catalog.dtypes[name]):
        return
    parts = [part.name for part in (field.type if pa.types.is_struct(field.type) else field.type.value_type)]
    expected = flattened(rows, field)
    frame = catalog[[name]].compute(progress_bar=False)
    flat = frame[name].nest.to_flat()
    for part in parts:
        found = list(zip(flat.index.tolist(), pa.array(flat[part]).to_pylist()))
        report.check(same(found, [(key, values[part]) for key, values in expected]), f"{name}.{part}: {len(found)} values, row by row")
    numbers = [part for part in parts if flat.dtypes[part].pyarrow_dtype in (pa.float64(), pa.float32())]
    for part in numbers[:1]:
        check_query(report, catalog, name, part, expected)
    if pa.types.is_struct(field.type):
        for part in parts:
            check_part(report, path, name, part, expected)


def flattened(rows, field):
    """The rows within the rows: each with the key of the row that it is in."""
    expected = []
    for key, value in zip(rows[HEALPIX].to_pylist(), rows[field.name].to_pylist()):
        if isinstance(value, dict):
            lists = {part: values or [] for part, values in value.items()}
            value = [dict(zip(lists, row)) for row in zip(*lists.values())]
        none = {part.name: None for part in field.type.value_type} if pa.types.is_list(field.type) else {}
        expected += [(key, row or none) for row in value or []]
    return expected


def check_query(report, catalog, name, part, expected):
    """LSDB keeps the inner rows that a condition on one of their columns picks."""
    numbers = [row[part] for _, row in expected if row[part] is not None]
    if not numbers:
        return
    middle = float(np.median(numbers))
    chosen = catalog[[name]].query(f"{name}.{part} > {middle!r}").compute(progress_bar=False)
    flat = chosen[name].nest.to_flat() if len(chosen) else chosen
    found = list(zip(flat.index.tolist(), pa.array(flat[part]).to_pylist()))
    wanted = [(key, row[part]) for key, row in expected if row[part] is not None and row[part] > middle]
    report.check(same(found, wanted), f"{name}.{part} > {middle}: {len(wanted)} of {len(expected)} inner rows")


def check_part(report, path, name, part, expected):
    """LSDB reads one column of a nested frame without the others."""
    catalog = lsdb.open_catalog(path, columns=[f"{name}.{part}"])
    flat = catalog.compute(progress_bar=False)[name].nest.to_flat()
    found = list(zip(flat.index.tolist(), pa.array(flat[part]).to_pylist()))
    passed = flat.columns.tolist() == [part] and same(found, [(key, values[part]) for key, values in expected])
    report.check(passed, f"{name}.{part} read alone: {len(found)} values")


def same(found, expected):
    """Whether keys and values are equal, whatever the order of rows with one key, and with NaN equal to itself."""
    return sorted(map(repr, found)) == sorted(map(repr, expected))
