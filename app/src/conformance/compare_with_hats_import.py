#!/usr/bin/env python3
"""Imports the rows of a published HATS collection with hats-import and compares: pixels and rows, of the catalog and of its margin.

Exits with 0 if all is the same, 1 if anything differs, 2 if the arguments are unusable.
"""

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from dask.distributed import Client
from hats import read_hats
from hats.catalog.dataset.collection_properties import CollectionProperties
from hats_import.catalog.arguments import ImportArguments
from hats_import.margin_cache.margin_cache_arguments import MarginCacheArguments
from hats_import.pipeline import pipeline_with_client
from margins import HEALPIX, leaf_rows


def main():
    args = parse_arguments()
    warnings.simplefilter("ignore")
    properties = CollectionProperties.read_from_dir(args.path)
    ours = args.path / properties.hats_primary_table_url
    with tempfile.TemporaryDirectory() as scratch, Client(n_workers=1, threads_per_worker=1, dashboard_address=":0") as client:
        theirs = import_catalog(args, ours, Path(scratch), client)
        failures = compare("catalog", ours, theirs)
        for margin in properties.all_margins or []:
            failures += compare("margin", args.path / margin, import_margin(args.path / margin, theirs, Path(scratch), client))
    return 1 if failures else 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="directory of the collection")
    parser.add_argument("--lowest-order", type=int, default=0, help="lowest_order of the catalog (0)")
    parser.add_argument("--highest-order", type=int, default=10, help="highest_order of the catalog (10)")
    parser.add_argument("--keep-empty-siblings", action="store_true", help="the catalog was made so")
    args = parser.parse_args()
    if not (args.path / "collection.properties").is_file():
        parser.error(f"not a collection: {args.path}")
    return args


def import_catalog(args, ours, scratch, client):
    catalog = read_hats(ours)
    info = catalog.catalog_info
    rows = scratch / "rows.parquet"
    pq.write_table(leaf_rows(ours, catalog.get_healpix_pixels()).drop_columns([HEALPIX]), rows)
    arguments = ImportArguments(
        output_path=scratch,
        output_artifact_name="imported",
        catalog_type=info.catalog_type,
        input_file_list=[rows],
        file_reader="parquet",
        ra_column=info.ra_column,
        dec_column=info.dec_column,
        lowest_healpix_order=args.lowest_order,
        highest_healpix_order=args.highest_order,
        pixel_threshold=info.hats_max_rows,
        drop_empty_siblings=not args.keep_empty_siblings,
        progress_bar=False,
    )
    pipeline_with_client(arguments, client)
    return scratch / "imported"


def import_margin(margin, theirs, scratch, client):
    arguments = MarginCacheArguments(
        output_path=scratch,
        output_artifact_name=margin.name,
        input_catalog_path=theirs,
        margin_threshold=read_hats(margin).catalog_info.margin_threshold,
        progress_bar=False,
    )
    pipeline_with_client(arguments, client)
    return scratch / margin.name


def compare(what, ours, theirs):
    """Prints how two catalogs differ and returns the number of differences."""
    found, expected = (read_hats(path).get_healpix_pixels() for path in (ours, theirs))
    differing = set(found) ^ set(expected)
    print(f"{'FAILED' if differing else 'ok    '} {what}: {len(found)} pixels, {len(expected)} of hats-import", sorted(map(str, differing))[:5])
    total = 0
    wrong = []
    for pixel in set(found) & set(expected):
        one, other = (in_one_order(leaf_rows(path, [pixel])) for path in (ours, theirs))
        total += one.num_rows
        if not one.equals(other):
            wrong.append(f"{pixel}: {one.num_rows} and {other.num_rows} rows")
    print(f"{'FAILED' if wrong else 'ok    '} {what}: the same {total} rows, pixel by pixel", sorted(wrong)[:5], flush=True)
    return len(differing) + len(wrong)


def in_one_order(rows):
    """The rows sorted by all columns, as values: hats-import keeps neither the order of columns nor that of equal keys."""
    names = sorted(rows.column_names)
    rows = rows.select([HEALPIX] + [name for name in names if name != HEALPIX]).replace_schema_metadata()
    keys = [(field.name, "ascending") for field in rows.schema if not pa.types.is_nested(field.type)]
    return rows.sort_by(keys).combine_chunks()


if __name__ == "__main__":
    sys.exit(main())
