package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.wire.AvroBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;

/** Levels of a column inside records or lists. */
final class NestedLevels implements Levels {
    private static final int INITIAL_BYTES = 1 << 10;

    private final int maxDefinition;
    private final int maxRepetition;
    private byte[] definitions = new byte[INITIAL_BYTES];
    private byte[] repetitions = new byte[INITIAL_BYTES];
    private int entries;

    /**
     * @param maxDefinition the definition level of a value
     * @param maxRepetition the number of lists that the column is inside of
     */
    NestedLevels(int maxDefinition, int maxRepetition) {
        if (maxDefinition > Byte.MAX_VALUE) {
            throw SkyrollException.configuration("a column is nested %d levels deep: at most %d are supported"
                    .formatted(maxDefinition, Byte.MAX_VALUE));
        }
        this.maxDefinition = maxDefinition;
        this.maxRepetition = maxRepetition;
    }

    void add(int repetition, int definition) {
        if (entries == definitions.length) {
            definitions = Arrays.copyOf(definitions, entries * 2);
            repetitions = Arrays.copyOf(repetitions, entries * 2);
        }
        definitions[entries] = (byte) definition;
        repetitions[entries] = (byte) repetition;
        entries++;
    }

    @Override
    public int entries() {
        return entries;
    }

    @Override
    public int pageEnd(int start, int wanted) {
        int end = start + Math.max(1, Math.min(wanted, entries - start));
        while (end < entries && repetitions[end] != 0) {
            end++;
        }
        return end;
    }

    @Override
    public int values(int from, int to) {
        int count = 0;
        for (int entry = from; entry < to; entry++) {
            if (definitions[entry] == maxDefinition) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void write(int from, int to, AvroBuffer page) {
        if (maxRepetition > 0) {
            write(repetitions, maxRepetition, from, to, page);
        }
        write(definitions, maxDefinition, from, to, page);
    }

    private static void write(byte[] levels, int max, int from, int to, AvroBuffer page) {
        int sizePlace = page.size();
        page.writeFloatBits(0);
        // Its buffers grow as they must.
        try (RunLengthBitPackingHybridEncoder encoder = new RunLengthBitPackingHybridEncoder(
                BytesUtils.getWidthFromMaxInt(max),
                INITIAL_BYTES,
                INITIAL_BYTES,
                HeapByteBufferAllocator.getInstance())) {
            for (int entry = from; entry < to; entry++) {
                encoder.writeInt(levels[entry]);
            }
            ByteArrayOutputStream encoded = new ByteArrayOutputStream();
            encoder.toBytes().writeAllTo(encoded);
            page.write(encoded.toByteArray(), 0, encoded.size());
        } catch (IOException impossible) {
            throw SkyrollException.defect("levels cannot be encoded in memory", impossible);
        }
        Levels.setSize(page, sizePlace);
    }

    @Override
    public void clear() {
        entries = 0;
    }
}
