package io.skyroll.schemas.sky;

import io.skyroll.schemas.row.RowSchema;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The key of a single row in a sky topic: a record of the HEALPix-29 value, as 8 fixed bytes big-endian, and the row's key
 * record. So its Avro binary is the 8 bytes followed by the bytes that identify the row, and sorts first by place on the sky.
 */
public final class SkyKey {

    private SkyKey() {}

    /** The schema, registered under the sky topic's key subject. */
    public static Schema schema(RowSchema rows) {
        Schema healpix =
                Schema.createFixed("Healpix29", "NESTED cell number at order 29, big-endian", "io.skyroll", Long.BYTES);
        Schema key = rows.toKeyAvro();
        return Schema.createRecord(
                rows.name() + "_sky_key",
                null,
                null,
                false,
                List.of(new Schema.Field("healpix_29", healpix), new Schema.Field("key", key)));
    }
}
