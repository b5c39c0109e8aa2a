#!/usr/bin/env python3
"""Keeps a version of a followed collection open in LSDB while newer ones are published, and computes with it again and again.

Something else has to change the source meanwhile, and the pipeline has to retain more versions than are waited for. Exits with 0 if
the open version gave the same rows all the time and each new one is valid, 1 if not, 2 if the arguments are unusable or no versions come.
"""

import argparse
import contextlib
import io
import logging
import sys
import time
import warnings
from pathlib import Path

import lsdb
import pandas as pd
from hats.io.validation import is_valid_catalog


def main():
    args = parse_arguments()
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout)
    warnings.simplefilter("ignore")
    first = pointed(args.path)
    args.before = [path.name for path in args.path.iterdir() if (path / "hats.properties").exists() and path.name != first]
    opened = lsdb.open_catalog(args.path)
    expected = rows(opened)
    center = expected[[args.ra, args.dec]].sample(1, random_state=args.seed).iloc[0]
    cone = opened.cone_search(ra=center.iloc[0], dec=center.iloc[1], radius_arcsec=args.radius_arcsec)
    expected_cone = rows(cone)
    print(f"open: {first}, {len(expected)} rows, {len(expected_cone)} in a cone", flush=True)
    failures = 0
    seen = {first}
    computed = 0
    deadline = time.monotonic() + args.timeout
    while len(seen) <= args.versions:
        if time.monotonic() > deadline:
            print(f"only {len(seen) - 1} newer versions in {args.timeout} s: is the source being changed?")
            sys.exit(2)
        try:
            same = rows(opened).equals(expected) and rows(cone).equals(expected_cone)
        except Exception as failure:  # whatever a reader may meet is what is looked for here
            print(f"FAILED the open version after {len(seen) - 1} newer ones: {type(failure).__name__}: {failure}")
            sys.exit(1)
        computed += 1
        if not same:
            failures += 1
            print(f"FAILED the open version gives other rows after {len(seen) - 1} newer ones")
        now = pointed(args.path)
        if now not in seen:
            seen.add(now)
            valid = is_valid_catalog(args.path / now, strict=True)
            failures += not valid
            print(f"{'ok    ' if valid else 'FAILED'} {now} is strictly valid", flush=True)
    fresh = rows(lsdb.open_catalog(args.path))
    present = {path.name for path in args.path.iterdir()}
    older = len([name for name in args.before if name not in present])
    print(f"the open version was computed {computed} times; the newest has {len(fresh)} rows, {'others' if not fresh.equals(expected) else 'the same'}")
    print(f"{len(seen) - 1} newer versions were published, {older} older ones retired")
    print("all checks passed" if failures == 0 else f"{failures} checks failed")
    sys.exit(failures > 0)


def pointed(collection):
    """The name of the version that readers are pointed to."""
    lines = (collection / "collection.properties").read_text().splitlines()
    return next(line.split("=", 1)[1].strip() for line in lines if line.startswith("hats_primary_table_url"))


def rows(catalog):
    # Progress bars would hide what is found.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        frame = pd.DataFrame(catalog.compute())
    columns = sorted(frame.columns)
    return frame[columns].sort_values(columns, kind="stable").reset_index(drop=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="the collection")
    parser.add_argument("--versions", type=int, default=20, help="how many newer versions to wait for")
    parser.add_argument("--timeout", type=float, default=600, help="seconds")
    parser.add_argument("--ra", default="ra")
    parser.add_argument("--dec", default="dec")
    parser.add_argument("--radius-arcsec", type=float, default=36000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if not (args.path / "collection.properties").exists():
        parser.error(f"{args.path} is no collection")
    return args


if __name__ == "__main__":
    main()
