package io.skyroll.bench;

import io.skyroll.sinks.leaf.RowCursor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Writes a leaf as one would with parquet-avro: each row becomes a record first. */
final class ParquetAvroLeaf {
    private static final String HEALPIX = "_healpix_29";

    private ParquetAvroLeaf() {}

    /** Answers the size of the file in bytes. */
    static long write(DetectionRows rows, int count, int groupRows, int zstdLevel) throws IOException {
        Schema rowSchema = DetectionRows.SCHEMA.toAvro();
        PlainParquetConfiguration configuration = new PlainParquetConfiguration();
        configuration.setInt("parquet.compression.codec.zstd.level", zstdLevel);
        Memory file = new Memory();
        try (ParquetWriter<GenericRecord> writer = AvroParquetWriter.<GenericRecord>builder(file)
                .withSchema(leafSchema(rowSchema))
                .withConf(configuration)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(Long.MAX_VALUE)
                .withRowGroupRowCountLimit(groupRows)
                .build()) {
            writeRows(rows.cursor(0, count), rowSchema, writer);
        }
        return file.bytes.size();
    }

    private static void writeRows(RowCursor rows, Schema rowSchema, ParquetWriter<GenericRecord> writer)
            throws IOException {
        GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(rowSchema);
        GenericRecord leafRow = new GenericData.Record(leafSchema(rowSchema));
        GenericRecord row = new GenericData.Record(rowSchema);
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(new byte[0], null);
        int fields = rowSchema.getFields().size();
        while (rows.next()) {
            decoder =
                    DecoderFactory.get().binaryDecoder(rows.bytes(), rows.start(), rows.end() - rows.start(), decoder);
            row = reader.read(row, decoder);
            leafRow.put(0, rows.healpix());
            for (int field = 0; field < fields; field++) {
                leafRow.put(field + 1, row.get(field));
            }
            writer.write(leafRow);
        }
    }

    private static Schema leafSchema(Schema rowSchema) {
        List<Schema.Field> fields = new ArrayList<>();
        fields.add(new Schema.Field(HEALPIX, Schema.create(Schema.Type.LONG)));
        rowSchema.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        return Schema.createRecord("leaf", null, null, false, fields);
    }

    /** A file in memory. */
    private static final class Memory implements OutputFile {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new PositionOutputStream() {
                @Override
                public long getPos() {
                    return bytes.size();
                }

                @Override
                public void write(int b) {
                    bytes.write(b);
                }

                @Override
                public void write(byte[] source, int offset, int length) {
                    bytes.write(source, offset, length);
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
