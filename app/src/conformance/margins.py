"""Judges the margin catalog of a published HATS collection by hats, LSDB, healpy and brute force."""

from collections import Counter
from pathlib import Path

import healpy
import hats.pixel_math.healpix_shim as hats_healpix
import lsdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hats import read_hats
from hats.io import paths
from hats.io.validation import is_valid_catalog
from scipy.spatial import cKDTree

HEALPIX = "_healpix_29"
# Pairs this near to the radius of a crossmatch may count as inside or outside.
EDGE_ARCSEC = 1e-4


def check_margin(report, collection, main_path, margin_path):
    """Checks a margin catalog against its main catalog; report has check(passed, what, detail)."""
    if not report.check(is_valid_catalog(margin_path, strict=True), f"margin {margin_path.name} is strictly valid"):
        return
    margin = read_hats(margin_path)
    info = margin.catalog_info
    report.check(info.catalog_type == "margin", "it is a margin catalog", info.catalog_type)
    report.check(info.primary_catalog == main_path.name, "its primary catalog is the main one", info.primary_catalog)
    same = (margin_path / "properties").read_bytes() == (margin_path / "hats.properties").read_bytes()
    report.check(same, "its properties and hats.properties are the same")
    common = [(path / "dataset" / "_common_metadata").read_bytes() for path in (main_path, margin_path)]
    report.check(common[0] == common[1], "its _common_metadata is the main catalog's")
    check_rule(report, main_path, margin_path, info)
    check_crossmatch(report, collection, info)


def check_rule(report, main_path, margin_path, info):
    """The rows near each pixel, found afresh from all rows of the main catalog."""
    main = read_hats(main_path)
    rows = leaf_rows(main_path, main.get_healpix_pixels())
    order = hats_healpix.margin2order(margin_thr_arcmin=info.margin_threshold / 60)
    tree = main.get_healpix_pixels() + main.generate_negative_tree_pixels()
    expected = rows_by_margin(rows[HEALPIX].to_numpy(), tree, order)
    pixels = read_hats(margin_path).get_healpix_pixels()
    found = {(pixel.order, pixel.pixel) for pixel in pixels}
    beyond = len(found - {(pixel.order, pixel.pixel) for pixel in main.get_healpix_pixels()})
    what = f"{len(found)} pixels have margins, {beyond} of them without rows of their own"
    report.check(found == set(expected), what, sorted(found ^ set(expected))[:5])
    problems = []
    total = 0
    for pixel in pixels:
        table = leaf_rows(margin_path, [pixel])
        total += table.num_rows
        if not table.equals(rows.take(expected.get((pixel.order, pixel.pixel), []))):
            problems.append(str(pixel))
    report.check(not problems, f"{total} rows of margins are those of the rule at order {order}, in leaf order", problems[:5])
    report.check(total == info.total_rows, "hats_nrows of the margin is the number of its rows", f"{info.total_rows}, {total} rows")


def leaf_rows(catalog_path, pixels):
    """The rows of leaves, in sky order, as they are stored."""
    schema = pq.read_schema(catalog_path / "dataset" / "_common_metadata")
    ordered = sorted(pixels, key=lambda pixel: pixel.pixel << (2 * (29 - pixel.order)))
    files = [Path(str(paths.pixel_catalog_file(catalog_path, pixel))) for pixel in ordered]
    return pa.concat_tables([schema.empty_table()] + [pq.ParquetFile(file).read() for file in files]).combine_chunks()


def rows_by_margin(healpix, tree, order):
    """The indexes of the rows of each margin that has any, by (order, pixel)."""
    tree = sorted(tree, key=lambda pixel: pixel.pixel << (2 * (29 - pixel.order)))
    first = np.array([pixel.pixel << (2 * (order - pixel.order)) for pixel in tree], dtype=np.int64)

    def owner(cells):
        return np.searchsorted(first, cells, side="right") - 1

    cells = healpix >> (2 * (29 - order))
    neighbours = healpy.get_all_neighbours(2**order, cells, nest=True).astype(np.int64)
    owners = np.where(neighbours < 0, -1, owner(neighbours))
    outside = (owners >= 0) & (owners != owner(cells))
    pairs = np.unique(np.stack([owners[outside], np.broadcast_to(np.arange(len(cells)), owners.shape)[outside]]), axis=1)
    margins = {}
    for index in np.unique(pairs[0]):
        margins[(tree[index].order, tree[index].pixel)] = pairs[1][pairs[0] == index]
    return margins


def check_crossmatch(report, collection, info):
    """Each row with all rows within the margin's threshold, itself too, across the borders of pixels."""
    catalog = lsdb.open_catalog(collection, columns="all")
    if not report.check(catalog.margin is not None, "LSDB finds the margin"):
        return
    if not catalog.get_healpix_pixels():
        print("       LSDB crossmatches no catalog without rows")
        return
    columns = [HEALPIX, info.ra_column, info.dec_column]
    rows = pa.Table.from_pandas(catalog.compute(progress_bar=False).reset_index(), preserve_index=False).select(columns)
    radius = info.margin_threshold
    unit = healpy.ang2vec(rows[columns[1]].to_numpy(), rows[columns[2]].to_numpy(), lonlat=True).reshape(-1, 3)
    sure, perhaps = (brute_force(rows, unit, radius + edge) for edge in (-EDGE_ARCSEC, EDGE_ARCSEC))
    most = cKDTree(unit).query_ball_point(unit, chord(radius + EDGE_ARCSEC), return_length=True).max()
    matched = catalog.crossmatch(
        catalog,
        n_neighbors=int(most),
        radius_arcsec=radius,
        suffixes=("_left", "_right"),
        suffix_method="all_columns",
        require_right_margin=True,
    )
    frame = matched.compute(progress_bar=False).reset_index()
    found = Counter(zip(*(frame[column].tolist() for column in pair_columns(columns))))
    doubled = sum(count > 1 for count in (found - sure).values())
    passed = not sure - found and not found - perhaps
    lost = "%d pairs, %d lost, %d too many, %d doubled" % (found.total(), (sure - found).total(), (found - perhaps).total(), doubled)
    crossing = sum(pair[0] != pair[1] for pair in owners_of(sure, catalog))
    report.check(passed, f"crossmatch within {radius} arcsec finds the {sure.total()} pairs, {crossing} of them across borders", lost)


def pair_columns(columns):
    return [f"{column}_left" for column in columns[1:]] + [f"{column}_right" for column in columns[1:]]


def owners_of(pairs, catalog):
    """The pixels of both rows of each pair."""
    pixels = sorted(catalog.get_healpix_pixels(), key=lambda pixel: pixel.pixel << (2 * (29 - pixel.order)))
    first = np.array([pixel.pixel << (2 * (29 - pixel.order)) for pixel in pixels], dtype=np.int64)
    positions = np.array(list(pairs), dtype=np.float64).reshape(-1, 4)
    for left, right in zip(*(healpy.ang2pix(2**29, positions[:, at], positions[:, at + 1], nest=True, lonlat=True) for at in (0, 2))):
        yield tuple(np.searchsorted(first, [left, right], side="right"))


def brute_force(rows, unit, radius_arcsec):
    pairs = cKDTree(unit).query_pairs(chord(radius_arcsec), output_type="ndarray")
    every = np.arange(len(unit))
    left = np.concatenate([pairs[:, 0], pairs[:, 1], every])
    right = np.concatenate([pairs[:, 1], pairs[:, 0], every])
    positions = [rows[column].to_numpy() for column in rows.column_names[1:]]
    return Counter(zip(*(position[left].tolist() for position in positions), *(position[right].tolist() for position in positions)))


def chord(arcsec):
    """The distance through the unit sphere of two points that far apart on it."""
    return 2 * np.sin(np.radians(arcsec / 3600) / 2)
