"""Makes the HEALPix test vectors of this module with two independent implementations.

healpy wraps healpix_cxx, cdshealpix the Rust library of CDS. A vector is written only when both agree. Run:

    python3 -m venv venv && venv/bin/pip install healpy==1.20.1 cdshealpix==0.9.0
    venv/bin/python make_vectors.py ../resources/io/skyroll/healpix

The output is reproducible: fixed seed, no time stamp in the gzip header.
"""

import gzip
import sys
from pathlib import Path

import astropy.units as u
import healpy
import numpy as np
from astropy.coordinates import Latitude, Longitude
from cdshealpix import nested

MAX_ORDER = 29
RNG = np.random.default_rng(20051)


def cds_pixel(ra, dec, order):
    lon, lat = Longitude(np.mod(ra, 360.0) * u.deg), Latitude(dec * u.deg)
    return nested.lonlat_to_healpix(lon, lat, np.full(len(ra), order, np.uint8)).astype(np.int64)


def healpy_pixel(ra, dec, order):
    return healpy.ang2pix(1 << order, ra, dec, nest=True, lonlat=True)


def log_uniform(smallest, largest, size):
    return 10 ** RNG.uniform(np.log10(smallest), np.log10(largest), size)


def positions():
    """Random positions: all over the sky, and crowded where arithmetic is delicate."""
    ra, dec = [], []

    def add(some_ra, some_dec):
        ra.append(some_ra)
        dec.append(some_dec)

    def any_ra(n):
        return RNG.uniform(0, 360, n)

    def any_dec(n):
        return np.degrees(np.arcsin(RNG.uniform(-1, 1, n)))

    add(any_ra(2500), any_dec(2500))
    for sign in (1, -1):
        # The polar caps, the poles, the switch of formula at |z| = 0.99, and the edge of the caps at |z| = 2/3.
        add(any_ra(500), sign * RNG.uniform(41.8, 90, 500))
        add(any_ra(1000), sign * (90 - log_uniform(1e-9, 1, 1000)))
        for z in (0.99, 2 / 3):
            offset = log_uniform(1e-7, 1, 300) * RNG.choice([-1, 1], 300)
            add(any_ra(300), sign * (np.degrees(np.arcsin(z)) + offset))
    # Both sides of RA 0, also written as a negative angle, as one above 360, and the edges of the base cells.
    offset = log_uniform(1e-8, 1, 1200)
    add(offset[:400], any_dec(400))
    add(360 - offset[400:800], any_dec(400))
    add(-offset[800:], any_dec(400))
    add(360 + any_ra(200), any_dec(200))
    add(-720 - any_ra(200), any_dec(200))
    edges = 45.0 * RNG.integers(0, 8, 600) + log_uniform(1e-8, 1, 600) * RNG.choice([-1, 1], 600)
    add(edges, any_dec(600))
    add(any_ra(300), log_uniform(1e-8, 1, 300) * RNG.choice([-1, 1], 300))
    return np.concatenate(ra), np.concatenate(dec)


def pixel_vectors():
    """ra, dec, cell at order 29, then a lower order and the cell there."""
    ra, dec = positions()
    lower = RNG.integers(0, MAX_ORDER, len(ra))
    agreed = np.ones(len(ra), bool)
    cells = np.empty((MAX_ORDER + 1, len(ra)), np.int64)
    for order in range(MAX_ORDER + 1):
        cells[order] = healpy_pixel(ra, dec, order)
        agreed &= cells[order] == cds_pixel(ra, dec, order)
    print(f"positions: {agreed.sum()} agreed, {(~agreed).sum()} dropped")
    for i in np.flatnonzero(agreed):
        yield float(ra[i]).__repr__(), float(dec[i]).__repr__(), cells[-1, i], lower[i], cells[lower[i], i]


def interleave(x, y):
    return sum(((x >> bit & 1) << 2 * bit) | ((y >> bit & 1) << 2 * bit + 1) for bit in range(MAX_ORDER))


def sample_cells(order, random_count):
    """Corners and edges of all base cells (thus the polar cells too) and random cells."""
    side = 1 << order
    last = side - 1
    cells = []
    for face in range(12):
        along = [int(v) for v in RNG.integers(0, side, 4)]
        spots = [(0, 0), (0, last), (last, 0), (last, last)]
        spots += [(along[0], 0), (along[1], last), (0, along[2]), (last, along[3])]
        cells += [(face << 2 * order) | interleave(x, y) for x, y in spots]
    cells += [int(v) for v in RNG.integers(0, 12 * side * side, random_count)]
    return np.unique(np.array(cells, np.int64))


def center_vectors():
    """order, cell, ra, dec of its centre as healpy has it."""
    for order in range(MAX_ORDER + 1):
        cells = sample_cells(order, 60)
        cells = cells[RNG.permutation(len(cells))[:110]]
        ra, dec = healpy.pix2ang(1 << order, cells, nest=True, lonlat=True)
        lon, lat = nested.healpix_to_lonlat(cells.astype(np.uint64), order)
        # Right ascension loses meaning towards the poles: compare distances on the sky.
        apart_ra = np.abs((ra - lon.deg + 180) % 360 - 180) * np.cos(np.radians(dec))
        apart_dec = np.abs(dec - lat.deg)
        assert max(apart_ra.max(), apart_dec.max()) < 2e-13, (order, apart_ra.max(), apart_dec.max())
        for i, cell in enumerate(cells):
            yield order, cell, float(ra[i]).__repr__(), float(dec[i]).__repr__()


def neighbour_vectors():
    """order, cell, then its neighbours SW, W, NW, N, NE, E, SE, S; -1 where there is none."""
    for order in range(MAX_ORDER + 1):
        cells = sample_cells(order, 30)
        ours = healpy.get_all_neighbours(1 << order, cells, nest=True).T
        theirs = nested.neighbours(cells.astype(np.uint64), order).astype(np.int64)
        for cell, around, other in zip(cells, ours, theirs):
            assert sorted([*around, cell]) == sorted(other), (order, cell, around, other)
            yield order, cell, *around


def parent_vectors():
    """order, cell, a lower order, the cell there that holds the first one's centre."""
    for order in range(MAX_ORDER + 1):
        cells = sample_cells(order, 20)
        cells = cells[RNG.permutation(len(cells))[:50]]
        ra, dec = healpy.pix2ang(1 << order, cells, nest=True, lonlat=True)
        lower = int(RNG.integers(0, order + 1))
        parents = healpy_pixel(ra, dec, lower)
        assert (parents == cds_pixel(ra, dec, lower)).all(), order
        for cell, parent in zip(cells, parents):
            yield order, cell, lower, parent


def write(path, rows):
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(text.encode())
    print(f"{path}: {text.count(chr(10))} rows, {path.stat().st_size} bytes")


def main(folder):
    write(folder / "pixels.csv.gz", pixel_vectors())
    write(folder / "centers.csv.gz", center_vectors())
    write(folder / "neighbours.csv.gz", neighbour_vectors())
    write(folder / "parents.csv.gz", parent_vectors())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
