package io.skyroll.app.verify;

import io.skyroll.producers.snapshot.TableReading;
import io.skyroll.schemas.row.RowHash;
import io.skyroll.streams.row.RowCheck;
import java.util.function.Consumer;

/**
 * The number of rows and the sum of their hashes modulo 2^64: equal sets of rows have equal ones, in whatever order they come, and others
 * practically never. A row's hash is that of its canonical Avro binary. Owned by one thread.
 */
final class Checksum {
    private long rows;
    private long sum;

    /** That of the rows which a stream of them lets through. */
    static Checksum of(Consumer<TableReading.Taker> rows, RowCheck check) {
        Checksum sum = new Checksum();
        rows.accept((bytes, start, end) -> {
            if (check.cell(bytes, start) != RowCheck.REJECTED) {
                sum.add(bytes, start, end);
            }
        });
        return sum;
    }

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
