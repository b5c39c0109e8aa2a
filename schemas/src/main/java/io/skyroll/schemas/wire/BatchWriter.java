package io.skyroll.schemas.wire;

/**
 * Collects rows into a batch: one Avro array of the row schema, in the wire format. The array is one block that says its count
 * and size, so that a reader can skip it. Owned by one thread.
 */
public final class BatchWriter {
    private static final int MAX_HEAD_BYTES = WireFormat.PREFIX_BYTES + 20;

    private final int schemaId;
    private final AvroBuffer rows;
    private final AvroBuffer head = new AvroBuffer(MAX_HEAD_BYTES);
    private int count;

    /**
     * @param schemaId the registry's id of the array schema
     * @param initialCapacityBytes how much room to reserve for rows
     */
    public BatchWriter(int schemaId, int initialCapacityBytes) {
        this.schemaId = schemaId;
        this.rows = new AvroBuffer(initialCapacityBytes);
    }

    /** The buffer that the next row is written to; call {@link #endRow()} after the row's last byte. */
    public AvroBuffer rows() {
        return rows;
    }

    public void endRow() {
        count++;
    }

    /** Adds a row that is Avro binary already. */
    public void addRow(byte[] source, int start, int end) {
        rows.write(source, start, end - start);
        count++;
    }

    public int count() {
        return count;
    }

    /** Size of the rows so far, in bytes. */
    public int sizeBytes() {
        return rows.size();
    }

    /** The batch as a record value; empties the writer. */
    public byte[] take() {
        head.clear();
        WireFormat.writePrefix(head, schemaId);
        head.writeLong(-count);
        head.writeLong(rows.size());
        byte[] value = new byte[head.size() + rows.size() + 1];
        System.arraycopy(head.bytes(), 0, value, 0, head.size());
        System.arraycopy(rows.bytes(), 0, value, head.size(), rows.size());
        rows.clear();
        count = 0;
        return value;
    }
}
