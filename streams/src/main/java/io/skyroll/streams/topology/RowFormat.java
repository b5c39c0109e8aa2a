package io.skyroll.streams.topology;

import io.skyroll.schemas.row.LargeValues;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.streams.row.RowCheck;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;

/**
 * What a schema id of the rows topic means, and what becomes of it in the topics behind. Owned by one thread.
 *
 * @param id the registry's id of the schema in the rows topic
 * @param rows the schema of rows
 * @param batch whether values are batches, and not single rows
 * @param tracked whether something of rows is remembered, because changes will not tell it
 * @param large which rows have values that changes may not tell
 * @param check decides about rows
 * @param pieces takes batches apart
 * @param skyRowId the registry's id of the schema of single rows in the sky topic
 * @param skyKeyId the registry's id of the schema of keys in the sky topic
 * @param rejectId the registry's id of the schema of single rows in the rejects topic
 */
record RowFormat(
        int id,
        Schema rows,
        boolean batch,
        boolean tracked,
        LargeValues large,
        RowCheck check,
        BatchPieces pieces,
        int skyRowId,
        int skyKeyId,
        int rejectId) {

    /** The key of a single row in the sky topic. */
    byte[] skyKey(long cell, byte[] rowKey) {
        return skyKey(skyKeyId, cell, rowKey);
    }

    static byte[] skyKey(int skyKeyId, long cell, byte[] rowKey) {
        int keyBytes = rowKey.length - WireFormat.PREFIX_BYTES;
        byte[] avro = ByteBuffer.allocate(Long.BYTES + keyBytes)
                .putLong(cell)
                .put(rowKey, WireFormat.PREFIX_BYTES, keyBytes)
                .array();
        return WireFormat.wrap(skyKeyId, avro, 0, avro.length);
    }

    /** A single row's value in the sky topic. */
    byte[] skyValue(byte[] value) {
        // Equal schemas have one id, so that the value stays as it is unless the registry thinks otherwise.
        return WireFormat.schemaId(value) == skyRowId
                ? value
                : WireFormat.wrap(skyRowId, value, WireFormat.PREFIX_BYTES, value.length);
    }

    /** A row as a value of the rejects topic. */
    byte[] reject(byte[] bytes, int start, int end) {
        return WireFormat.wrap(rejectId, bytes, start, end);
    }
}
