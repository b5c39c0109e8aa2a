package io.skyroll.schemas.sky;

import io.skyroll.schemas.row.RowSchema;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The key of a single row in a sky topic: a record of the HEALPix-29 value, as 8 fixed bytes big-endian, and the row's key
 * record. So its Avro binary is the 8 bytes followed by the bytes that identify the row, and sorts first by place on the sky. For rows
 * that have none, {@link KeyPlace} gives the value.
 */
public final class SkyKey {

    private static final String KEY_SUFFIX = "_key";

    private SkyKey() {}

    /** The schema, registered under the sky topic's key subject. */
    public static Schema schema(RowSchema rows) {
        return ofKey(rows.toKeyAvro());
    }

    /** The schema, from that of the row's key record. */
    public static Schema ofKey(Schema key) {
        String name = key.getFullName();
        Schema healpix =
                Schema.createFixed("Healpix29", "NESTED cell number at order 29, big-endian", "io.skyroll", Long.BYTES);
        return Schema.createRecord(
                name.substring(0, name.length() - KEY_SUFFIX.length()) + "_sky" + KEY_SUFFIX,
                null,
                null,
                false,
                List.of(new Schema.Field("healpix_29", healpix), new Schema.Field("key", key)));
    }
}
