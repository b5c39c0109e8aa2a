#!/usr/bin/env python3
"""Judges a published HATS collection by hats, LSDB, healpy and brute force.

Exits with 0 if all checks pass, 1 if any fails, 2 if the arguments are unusable.
"""

import argparse
import contextlib
import io
import logging
import sys
import warnings
from collections import Counter
from pathlib import Path

import healpy
import lsdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from hats import read_hats
from hats.catalog.dataset.collection_properties import CollectionProperties
from hats.io import file_io, parquet_metadata, paths
from hats.io.validation import is_valid_catalog
from hats.pixel_math.partition_stats import generate_alignment
from margins import check_margin
from nested import check_nested

HEALPIX = "_healpix_29"
# Positions this near to the edge of a cone may count as inside or outside.
EDGE_ARCSEC = 1e-4
# Implementations of HEALPix differ for positions on the very edge of a cell: about one in a million at random.
MAX_EDGE_SHARE = 1e-4


class Report:
    """Prints the outcome of each check and remembers whether one failed."""

    def __init__(self):
        self.failures = 0

    def check(self, passed, what, detail=""):
        self.failures += not passed
        print(f"{'ok    ' if passed else 'FAILED'} {what}{'' if passed or not detail else ': ' + str(detail)}", flush=True)
        return passed


def main():
    args = parse_arguments()
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout)
    warnings.simplefilter("ignore")
    report = Report()
    is_collection = (args.path / "collection.properties").exists()
    catalog_path = primary_catalog(args.path) if is_collection else args.path

    if is_collection:
        report.check(is_valid_catalog(args.path, strict=True), "collection is strictly valid")
    if not report.check(is_valid_catalog(catalog_path, strict=True), f"catalog {catalog_path.name} is strictly valid"):
        return 1

    info = read_hats(catalog_path).catalog_info
    check_properties(report, catalog_path)
    catalog = lsdb.open_catalog(args.path, columns="all")
    rows = pa.Table.from_pandas(catalog.compute(progress_bar=False).reset_index(), preserve_index=False)
    positions = Positions(rows, info)
    report.check(rows.num_rows == info.total_rows, "hats_nrows is the number of rows", f"{info.total_rows}, {rows.num_rows} rows")
    check_healpix(report, positions)
    check_leaves(report, catalog_path, info)
    check_point_map(report, catalog_path, positions)
    check_statistics(report, catalog_path)
    check_thumbnail(report, catalog_path)
    check_skymaps(report, catalog_path, info, positions)
    check_cones(report, catalog, positions, args)
    check_boxes(report, catalog, positions, args)
    check_nested(report, args.path, catalog_path, catalog)
    if is_collection:
        check_indexes(report, args, catalog, catalog_path, rows)
    if args.expected:
        check_rows(report, rows, read_expected(args.expected))
    if args.highest_order is not None:
        check_partitions(report, catalog_path, info, positions, args)
    if is_collection:
        for margin in CollectionProperties.read_from_dir(args.path).all_margins or []:
            check_margin(report, args.path, catalog_path, args.path / margin)
    print(f"{report.failures} of the checks failed" if report.failures else f"all checks passed, {rows.num_rows} rows")
    return 1 if report.failures else 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="directory of the collection, or of a catalog")
    parser.add_argument("--expected", type=Path, help="CSV (also .csv.gz) or Parquet file with the rows that must be there")
    parser.add_argument("--lowest-order", type=int, default=0, help="lowest_order of the catalog (0)")
    parser.add_argument("--highest-order", type=int, help="highest_order of the catalog: hats then divides the rows itself")
    parser.add_argument("--keep-empty-siblings", action="store_true", help="the catalog was made so")
    parser.add_argument("--cones", type=int, default=12, help="number of cones around random rows (12)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random rows (1)")
    args = parser.parse_args()
    if not args.path.is_dir():
        parser.error(f"not a directory: {args.path}")
    if args.expected and not args.expected.is_file():
        parser.error(f"not a file: {args.expected}")
    return args


def primary_catalog(collection):
    return collection / CollectionProperties.read_from_dir(collection).hats_primary_table_url


class Positions:
    """Where the rows are: the stored key and the coordinates in degrees."""

    def __init__(self, rows, info):
        self.healpix = rows[HEALPIX].to_numpy()
        self.ra = rows[info.ra_column].to_numpy().astype(np.float64)
        self.dec = rows[info.dec_column].to_numpy().astype(np.float64)
        self.unit = healpy.ang2vec(self.ra, self.dec, lonlat=True).reshape(-1, 3)

    def separation_arcsec(self, ra, dec):
        center = healpy.ang2vec(ra, dec, lonlat=True)
        # Exact for small angles too, unlike the arc cosine of the scalar product.
        cross = np.linalg.norm(np.cross(self.unit, center), axis=1)
        return np.degrees(np.arctan2(cross, self.unit @ center)) * 3600

    def in_box(self, ra, dec):
        wrapped = self.ra % 360
        between = (wrapped >= ra[0]) & (wrapped <= ra[1]) if ra[0] <= ra[1] else (wrapped >= ra[0]) | (wrapped <= ra[1])
        return between & (self.dec >= dec[0]) & (self.dec <= dec[1])

    def identities(self, chosen):
        return Counter(zip(self.healpix[chosen].tolist(), self.ra[chosen].tolist(), self.dec[chosen].tolist()))


def check_properties(report, catalog_path):
    same = (catalog_path / "properties").read_bytes() == (catalog_path / "hats.properties").read_bytes()
    report.check(same, "properties and hats.properties are the same")


def check_healpix(report, positions):
    expected = healpy.ang2pix(2**29, positions.ra, positions.dec, nest=True, lonlat=True)
    differing = np.flatnonzero(expected != positions.healpix)
    neighbours = healpy.get_all_neighbours(2**29, expected[differing], nest=True)
    afar = [row for i, row in enumerate(differing) if positions.healpix[row] not in neighbours[:, i]]
    passed = not afar and len(differing) <= max(1, MAX_EDGE_SHARE * len(expected))
    report.check(passed, f"{HEALPIX} is healpy's", f"{len(differing)} differ, {len(afar)} by more than a neighbouring cell")


def check_leaves(report, catalog_path, info):
    common = pq.read_schema(catalog_path / "dataset" / "_common_metadata").remove_metadata()
    total = 0
    pixels = read_hats(catalog_path).get_healpix_pixels()
    problems = []
    for pixel in pixels:
        path = Path(str(paths.pixel_catalog_file(catalog_path, pixel)))
        with pq.ParquetFile(path) as leaf:
            if not leaf.schema_arrow.remove_metadata().equals(common):
                problems.append(f"{path}: schema is not that of _common_metadata")
            total += leaf.metadata.num_rows
            healpix = leaf.read([HEALPIX])[HEALPIX]
        if healpix.null_count or len(healpix) == 0:
            problems.append(f"{path}: {healpix.null_count} rows of {len(healpix)} without a key")
            continue
        values = healpix.to_numpy()
        if np.any(values >> (2 * (29 - pixel.order)) != pixel.pixel):
            problems.append(f"{path}: rows of other pixels")
        if np.any(np.diff(values) < 0):
            problems.append(f"{path}: not sorted by {HEALPIX}")
    report.check(not problems, f"{len(pixels)} leaves hold their pixels' rows, sorted", problems[:5])
    report.check(total == info.total_rows, "the leaves' footers add up to hats_nrows", f"{total} and {info.total_rows}")


def check_point_map(report, catalog_path, positions):
    pointer = paths.get_point_map_file_pointer(catalog_path)
    if not pointer.exists():
        print("       point_map.fits is absent, which is allowed")
        return
    stored = np.asarray(file_io.read_fits_image(pointer))
    order = healpy.nside2order(healpy.npix2nside(len(stored)))
    counted = np.bincount(positions.healpix >> (2 * (29 - order)), minlength=len(stored))
    differing = np.flatnonzero(stored != counted)
    report.check(len(differing) == 0, f"point_map.fits counts the rows at order {order}", f"cells {differing[:5]}")


def check_statistics(report, catalog_path):
    """What hats aggregates from the side files is what pyarrow finds in the leaves."""
    statistics = catalog_path / "per_partition_statistics.parquet"
    metadata = catalog_path / "dataset" / "_metadata"
    pixels = read_hats(catalog_path).get_healpix_pixels()
    for file, aggregate, per_pixel in (
        (metadata, parquet_metadata.aggregate_column_statistics, parquet_metadata.per_partition_statistics),
        (
            statistics,
            parquet_metadata.aggregate_column_statistics_from_cache,
            parquet_metadata.per_partition_statistics_from_cache,
        ),
    ):
        if not file.exists() or not pixels:
            print(f"       {file.name} is absent, which is allowed, or there are no leaves")
            continue
        totals = aggregate(file, exclude_hats_columns=False)
        by_pixel = per_pixel(file, exclude_hats_columns=False)
        problems = []
        for name in totals.index:
            found = [totals.loc[name, stat] for stat in ("min_value", "max_value", "null_count", "row_count")]
            if not same_numbers(found, column_statistics(catalog_path, pixels, name)):
                problems.append(f"{name}: {found}")
        report.check(not problems, f"{file.name}: statistics of {len(totals)} columns are the leaves'", problems[:3])
        problems = []
        for pixel in pixels:
            for name in totals.index:
                found = [by_pixel.loc[pixel, f"{name}: {stat}"] for stat in ("min_value", "max_value", "null_count", "row_count")]
                if not same_numbers(found, column_statistics(catalog_path, [pixel], name)):
                    problems.append(f"{pixel} {name}: {found}")
        report.check(not problems, f"{file.name}: statistics of {len(pixels)} pixels are their leaves'", problems[:3])


def column_statistics(catalog_path, pixels, name):
    leaves = [Path(str(paths.pixel_catalog_file(catalog_path, pixel))) for pixel in pixels]
    column_name, *parts = name.replace(".list.element", "").split(".")
    column = pa.concat_tables(pq.read_table(leaf, columns=[column_name], partitioning=None) for leaf in leaves)[column_name]
    if pa.types.is_nested(column.type):
        column = pa.chunked_array([[entry for value in column.to_pylist() for entry in entries(value, parts)]])
    extremes = pc.min_max(column)
    return [extremes["min"].as_py(), extremes["max"].as_py(), column.null_count, len(column)]


def entries(value, parts):
    """What Parquet stores of a value within lists and records: at least one entry, null if there is nothing."""
    if isinstance(value, list):
        return [entry for element in value for entry in entries(element, parts)] or [None]
    return entries(value[parts[0]], parts[1:]) if isinstance(value, dict) else [value]


def same_numbers(found, expected):
    """hats puts all of it into one numpy array, which makes numbers of all or, beside text, text of all."""
    return all(a == b or a == str(b) or (b is None and (a is None or a != a)) for a, b in zip(found, expected))


def check_thumbnail(report, catalog_path):
    """What people look at are first rows of leaves, with all columns, as hats-import takes them."""
    pointer = paths.get_data_thumbnail_pointer(catalog_path)
    if not pointer.exists():
        print("       data_thumbnail.parquet is absent, which is allowed")
        return
    common = pq.read_schema(catalog_path / "dataset" / "_common_metadata").remove_metadata()
    thumbnail = pq.read_table(str(pointer), partitioning=None)
    report.check(thumbnail.schema.remove_metadata().equals(common), "the thumbnail has the columns of _common_metadata")
    healpix = thumbnail[HEALPIX].to_numpy()
    report.check(not np.any(np.diff(healpix) < 0), "the thumbnail is sorted")
    pixels = read_hats(catalog_path).get_healpix_pixels()
    problems = []
    used = set()
    for i, cell in enumerate(healpix.tolist()):
        pixel = next(pixel for pixel in pixels if cell >> (2 * (29 - pixel.order)) == pixel.pixel)
        used.add(pixel)
        with pq.ParquetFile(str(paths.pixel_catalog_file(catalog_path, pixel))) as leaf:
            first = pa.Table.from_batches([next(leaf.iter_batches(batch_size=1))])
        if first.to_pylist() != thumbnail.slice(i, 1).to_pylist() and not nan_in(first):
            problems.append(f"row {i} is not the first of {pixel}")
    passed = not problems and len(used) == len(healpix)
    report.check(passed, f"the thumbnail's {len(healpix)} rows are the first of as many leaves, of {len(pixels)}", problems[:5])
    frame = file_io.read_parquet_file_to_pandas(pointer)
    report.check(len(frame) == thumbnail.num_rows, "hats reads the thumbnail")


def nan_in(table):
    return any(value != value for row in table.to_pylist() for value in row.values())


def check_skymaps(report, catalog_path, info, positions):
    orders = [(info.skymap_order, None)] if info.skymap_order else []
    orders += [(order, order) for order in info.skymap_alt_orders or []]
    for order, alternative in orders:
        stored = np.asarray(file_io.read_fits_image(paths.get_skymap_file_pointer(catalog_path, order=alternative)))
        counted = np.bincount(positions.healpix >> (2 * (29 - order)), minlength=12 * 4**order)
        report.check(np.array_equal(stored, counted), f"the skymap of order {order} counts the rows")


def check_indexes(report, args, catalog, catalog_path, rows):
    indexes = CollectionProperties.read_from_dir(args.path).all_indexes or {}
    random = np.random.default_rng(args.seed)
    for column, directory in indexes.items():
        parts = sorted((args.path / directory / "dataset" / "index").glob("part.*.parquet"), key=lambda part: int(part.name.split(".")[1]))
        tables = [pq.read_table(part, partitioning=None) for part in parts]
        entries = list(zip(*(pa.concat_tables(tables)[name].to_pylist() for name in (column, "Norder", "Npix")))) if tables else []
        expected = set()
        for pixel in read_hats(catalog_path).get_healpix_pixels():
            leaf = Path(str(paths.pixel_catalog_file(catalog_path, pixel)))
            values = pc.unique(pq.read_table(leaf, columns=[column], partitioning=None)[column]).to_pylist()
            expected.update((value, pixel.order, pixel.pixel) for value in values if value is not None)
        report.check(
            set(entries) == expected and len(entries) == len(expected),
            f"index of {column}: {len(expected)} values are in their pixels, each once",
            f"{len(entries)} entries",
        )
        values = [entry[0] for entry in entries]
        report.check(values == sorted(values), f"index of {column} is sorted")
        wanted = [values[i] for i in random.integers(len(values), size=10)] if values else []
        for chosen in [wanted[:1], wanted, *([[values[0], values[-1]]] if values else [])]:
            check_id_search(report, catalog, rows, column, chosen)
        if values and isinstance(values[0], (int, float, str)):
            check_id_search(report, catalog, rows, column, [type(values[0])("-987654321")])


def check_id_search(report, catalog, rows, column, values):
    if not values:
        return
    with contextlib.redirect_stdout(io.StringIO()):
        chosen = catalog.id_search(values={column: values})
    found = chosen.compute(progress_bar=False).reset_index()[HEALPIX].tolist() if chosen.get_healpix_pixels() else []
    mask = pc.is_in(rows[column], value_set=pa.array(values, rows[column].type))
    expected = rows.filter(mask)[HEALPIX].to_pylist()
    report.check(
        sorted(found) == sorted(expected),
        f"id search finds {len(expected)} rows by {len(values)} values of {column}",
        f"{len(found)} rows found",
    )


def check_cones(report, catalog, positions, args):
    random = np.random.default_rng(args.seed)
    centers = [("the north pole", 0.0, 90.0), ("the south pole", 0.0, -90.0), ("RA 0", 0.0, 0.0)]
    if len(positions.ra):
        for name, distance in (
            ("the row nearest to the north pole", 90 - positions.dec),
            ("the row nearest to the south pole", 90 + positions.dec),
            ("the row nearest to RA 0", np.minimum(positions.ra % 360, 360 - positions.ra % 360)),
        ):
            row = int(np.argmin(distance))
            centers.append((name, positions.ra[row], positions.dec[row]))
        for row in random.integers(len(positions.ra), size=args.cones):
            centers.append((f"row {row}", positions.ra[row], positions.dec[row]))
    for name, ra, dec in centers:
        for radius in (30.0, 3_600.0, 36_000.0):
            check_cone(report, catalog, positions, name, float(ra) % 360, float(dec), radius)


def check_cone(report, catalog, positions, name, ra, dec, radius):
    separation = positions.separation_arcsec(ra, dec)
    inside = positions.identities(separation < radius - EDGE_ARCSEC)
    perhaps = positions.identities(separation < radius + EDGE_ARCSEC)
    found = cone(catalog, ra, dec, radius)
    passed = not inside - found and not found - perhaps
    detail = f"{found.total()} rows found, {inside.total()} expected"
    report.check(passed, f"cone of {radius:.0f} arcsec around {name} ({ra:.5f}, {dec:.5f}): {inside.total()} rows", detail)


def cone(catalog, ra, dec, radius):
    return identities_of(catalog, catalog.cone_search(ra, dec, radius))


def identities_of(catalog, chosen):
    info = catalog.hc_structure.catalog_info
    if not chosen.get_healpix_pixels():
        return Counter()
    frame = chosen.compute(progress_bar=False).reset_index()
    return Counter(zip(frame[HEALPIX].tolist(), frame[info.ra_column].tolist(), frame[info.dec_column].tolist()))


def check_boxes(report, catalog, positions, args):
    random = np.random.default_rng(args.seed + 1)
    boxes = [("across RA 0", (350.0, 10.0), (-20.0, 20.0)), ("the northern cap", (5.0, 355.0), (80.0, 90.0))]
    # No edge at a multiple of 90 degrees: mocpy's zones, by which hats picks partitions, lack cells there.
    boxes += [("a belt", (1.0, 179.0), (-1.0, 1.0)), ("the southern cap", (91.0, 269.0), (-90.0, -75.0))]
    for row in random.integers(len(positions.ra), size=args.cones) if len(positions.ra) else []:
        width, height = 10 ** random.uniform(-3, 1.5, size=2)
        ra, dec = positions.ra[row], positions.dec[row]
        dec_range = (max(-90.0, dec - height), min(90.0, dec + height))
        boxes.append((f"around row {row}", ((ra - width) % 360, (ra + width) % 360), dec_range))
    for name, ra, dec in boxes:
        found = identities_of(catalog, catalog.box_search(ra=ra, dec=dec))
        expected = positions.identities(positions.in_box(ra, dec))
        what = f"box {name} ({ra[0]:.4f} to {ra[1]:.4f}, {dec[0]:.4f} to {dec[1]:.4f}): {expected.total()} rows"
        report.check(found == expected, what, f"{found.total()} rows found")


def read_expected(path):
    if ".csv" in path.name:
        # Only nothing at all is null: text such as NA or NULL stays text.
        options = pa.csv.ConvertOptions(null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False)
        return pa.csv.read_csv(path, convert_options=options)
    return pq.read_table(path)


def check_rows(report, rows, expected):
    rows = rows.drop_columns([HEALPIX])
    columns = sorted(rows.column_names)
    wanted = [name for name in expected.column_names if name != HEALPIX]
    if not report.check(columns == sorted(wanted), "columns are the expected ones", set(columns) ^ set(wanted)):
        return
    if not report.check(rows.num_rows == expected.num_rows, "as many rows as expected", f"{rows.num_rows} and {expected.num_rows}"):
        return
    expected = pa.table({name: expected[name].cast(rows[name].type) for name in columns})
    rows = rows.select(columns)
    keys = [(name, "ascending") for name in columns if not pa.types.is_nested(rows[name].type)]
    rows = rows.take(pc.sort_indices(rows, sort_keys=keys))
    expected = expected.take(pc.sort_indices(expected, sort_keys=keys))
    for name in columns:
        differing = differing_rows(rows[name].combine_chunks(), expected[name].combine_chunks())
        report.check(differing == 0, f"column {name} equals the expected one in every row", f"{differing} rows differ")


def differing_rows(found, expected):
    if pa.types.is_nested(found.type):
        return sum(a != b for a, b in zip(found.to_pylist(), expected.to_pylist()))
    same = pc.equal(found, expected)
    if pa.types.is_floating(found.type):
        same = pc.or_(same, pc.and_(pc.is_nan(found), pc.is_nan(expected)))
    both_null = pc.and_(found.is_null(), expected.is_null())
    return len(found) - pc.sum(pc.or_(pc.fill_null(same, False), both_null)).as_py() if len(found) else 0


def check_partitions(report, catalog_path, info, positions, args):
    cells = positions.healpix >> (2 * (29 - args.highest_order))
    histogram = np.bincount(cells, minlength=12 * 4**args.highest_order).astype(np.int64)
    threshold = info.hats_max_rows
    if histogram.max() > threshold:
        print(f"       hats would not divide these rows: a cell of order {args.highest_order} has over {threshold}")
        return
    alignment = generate_alignment(
        histogram,
        args.highest_order,
        args.lowest_order,
        threshold,
        drop_empty_siblings=not args.keep_empty_siblings,
        use_lower_order=True,
    )
    expected = {(int(order), int(pixel)) for order, pixel, _ in (entry for entry in alignment if entry is not None)}
    found = {(pixel.order, pixel.pixel) for pixel in read_hats(catalog_path).get_healpix_pixels()}
    report.check(found == expected, f"{len(found)} partitions are those that hats makes", sorted(found ^ expected)[:5])


if __name__ == "__main__":
    sys.exit(main())
