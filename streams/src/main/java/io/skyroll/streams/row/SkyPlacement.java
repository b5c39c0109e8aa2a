package io.skyroll.streams.row;

import io.skyroll.healpix.Healpix;
import io.skyroll.schemas.row.RowSchema;

/** Finds a row's place on the sky from its coordinates. Owned by one thread. */
final class SkyPlacement implements Placement {
    private static final long NULL = -1;
    private static final long NOT_FINITE = -2;
    private static final long DEC_OUT_OF_RANGE = -3;
    private static final double POLE_DEGREES = 90;

    private final Degrees ra;
    private final Degrees dec;

    SkyPlacement(RowSchema schema, SkyColumns columns) {
        ra = Degrees.of(schema, columns.ra(), "right ascension");
        dec = Degrees.of(schema, columns.dec(), "declination");
    }

    @Override
    public long cell(byte[] row, int start, int end, int[] offsets) {
        if (ra.isNull(offsets) || dec.isNull(offsets)) {
            return NULL;
        }
        double raDegrees = ra.read(row, offsets);
        double decDegrees = dec.read(row, offsets);
        if (!Double.isFinite(raDegrees) || !Double.isFinite(decDegrees)) {
            return NOT_FINITE;
        }
        if (Math.abs(decDegrees) > POLE_DEGREES) {
            return DEC_OUT_OF_RANGE;
        }
        return Healpix.pixel(Healpix.MAX_ORDER, raDegrees, decDegrees);
    }

    /** The rule behind a negative answer. */
    static String rule(long answer) {
        if (answer == NULL) {
            return Rules.SKY_NULL;
        }
        return answer == NOT_FINITE ? Rules.SKY_NOT_FINITE : Rules.SKY_DEC_OUT_OF_RANGE;
    }
}
