package io.skyroll.streams.row;

import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.KeyPlace;
import java.util.Optional;

/** Finds a row's place. Owned by one thread. */
@FunctionalInterface
interface Placement {

    /**
     * The row's HEALPix-29 value, or what stands for it; or a negative number that {@link SkyPlacement#rule} explains.
     *
     * @param end where the row ends (exclusive)
     * @param offsets of its columns
     */
    long cell(byte[] row, int start, int end, int[] offsets);

    /**
     * What finds the places of rows.
     *
     * @param columns empty for rows that have no place on the sky, and are placed by their keys
     */
    static Placement of(RowSchema schema, Optional<SkyColumns> columns) {
        return columns.<Placement>map(sky -> new SkyPlacement(schema, sky)).orElseGet(() -> new KeyPlace(schema)::of);
    }
}
