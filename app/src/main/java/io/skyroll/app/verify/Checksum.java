package io.skyroll.app.verify;

import io.skyroll.schemas.row.RowHash;

/**
 * The number of rows and the sum of their hashes modulo 2^64: equal sets of rows have equal ones, in whatever order they come, and others
 * practically never. A row's hash is that of its canonical Avro binary. Owned by one thread.
 */
final class Checksum {
    private long rows;
    private long sum;

    void add(byte[] bytes, int start, int end) {
        rows++;
        sum += RowHash.of(bytes, start, end);
    }

    long rows() {
        return rows;
    }

    boolean equalTo(Checksum other) {
        return rows == other.rows && sum == other.sum;
    }

    @Override
    public String toString() {
        return "%,d rows, checksum %016x".formatted(rows, sum);
    }
}
