package io.skyroll.sinks.parquet;

import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.RowCursor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Rows as records, and as the bytes that Avro's own encoder makes of them. */
final class AvroRows {
    private final RowSchema schema;
    private final long[] healpix;
    private final List<GenericRecord> records = new ArrayList<>();
    private final List<byte[]> bytes = new ArrayList<>();

    /**
     * @param healpix where each row is, ascending
     * @param values gives row after row
     */
    AvroRows(RowSchema schema, long[] healpix, Supplier<GenericRecord> values) {
        this.schema = schema;
        this.healpix = healpix;
        GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(schema.toAvro());
        for (int row = 0; row < healpix.length; row++) {
            GenericRecord record = values.get();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            try {
                writer.write(record, encoder);
                encoder.flush();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            records.add(record);
            bytes.add(out.toByteArray());
        }
    }

    RowSchema schema() {
        return schema;
    }

    int count() {
        return records.size();
    }

    GenericRecord record(int row) {
        return records.get(row);
    }

    byte[] bytes(int row) {
        return bytes.get(row);
    }

    /** The rows from one index up to before another. */
    RowCursor cursor(int from, int to) {
        return new RowCursor() {
            private int row = from - 1;

            @Override
            public boolean next() {
                return ++row < to;
            }

            @Override
            public long healpix() {
                return healpix[row];
            }

            @Override
            public byte[] bytes() {
                return bytes.get(row);
            }

            @Override
            public int start() {
                return 0;
            }

            @Override
            public int end() {
                return bytes.get(row).length;
            }
        };
    }
}
