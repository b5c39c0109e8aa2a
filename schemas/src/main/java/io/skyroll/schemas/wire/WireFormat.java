package io.skyroll.schemas.wire;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * The Confluent wire format: a zero byte, the schema's id in the registry (4 bytes, big-endian), then Avro binary. Described in
 * Confluent's documentation of its schema registry under "Wire format".
 */
public final class WireFormat {
    /** Size of what stands before the Avro binary, in bytes. */
    public static final int PREFIX_BYTES = 5;

    private static final byte MAGIC = 0;

    private WireFormat() {}

    /** The schema id of a key or value in the wire format. */
    public static int schemaId(byte[] bytes) {
        if (bytes.length < PREFIX_BYTES || bytes[0] != MAGIC) {
            throw SkyrollException.badRecord("not in the Confluent wire format: it starts with %s"
                    .formatted(Arrays.toString(Arrays.copyOf(bytes, Math.min(bytes.length, PREFIX_BYTES)))));
        }
        return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    }

    public static void writePrefix(AvroBuffer buffer, int schemaId) {
        buffer.writeByte(MAGIC);
        buffer.writeByte(schemaId >>> 24);
        buffer.writeByte(schemaId >>> 16);
        buffer.writeByte(schemaId >>> 8);
        buffer.writeByte(schemaId);
    }

    /** Puts the prefix before a stretch of Avro binary. */
    public static byte[] wrap(int schemaId, byte[] avro, int start, int end) {
        byte[] wrapped = new byte[PREFIX_BYTES + end - start];
        ByteBuffer.wrap(wrapped).put(MAGIC).putInt(schemaId).put(avro, start, end - start);
        return wrapped;
    }

    /** Encodes a record of low volume; rows never come this way. */
    public static byte[] encode(int schemaId, GenericRecord message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ByteBuffer.allocate(PREFIX_BYTES).put(MAGIC).putInt(schemaId).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<GenericRecord>(message.getSchema()).write(message, encoder);
            encoder.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** Decodes a record of low volume. */
    public static GenericRecord decode(byte[] bytes, Schema writer, Schema reader) {
        try {
            return new GenericDatumReader<GenericRecord>(writer, reader)
                    .read(
                            null,
                            DecoderFactory.get().binaryDecoder(bytes, PREFIX_BYTES, bytes.length - PREFIX_BYTES, null));
        } catch (IOException torn) {
            throw new UncheckedIOException("a record of schema %s is torn".formatted(writer.getFullName()), torn);
        }
    }
}
