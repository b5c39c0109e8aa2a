#!/usr/bin/env bash
# Fills the compose stack's database; the image runs it once, when the data directory is new.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
  -c 'CREATE TABLE public.stars (hip integer PRIMARY KEY, ra double precision NOT NULL, dec double precision NOT NULL, vmag real, bv real)' \
  -c "\copy public.stars FROM PROGRAM 'gunzip -c /stars.csv.gz' (FORMAT csv, HEADER)" \
  -c 'ANALYZE public.stars'
