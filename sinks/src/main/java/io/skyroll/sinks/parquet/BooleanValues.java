package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroCursor;
import org.apache.parquet.format.Statistics;

/** BOOLEAN, one byte each. */
final class BooleanValues extends PlainValues {

    BooleanValues() {
        super(1);
    }

    @Override
    void append(AvroCursor row) {
        plain.writeByte(row.readBoolean() ? 1 : 0);
    }

    @Override
    boolean mayRepeat() {
        return false;
    }

    @Override
    void describe(Statistics statistics) {
        byte[] bytes = plain.bytes();
        byte min = 1;
        byte max = 0;
        for (int p = 0; p < plain.size(); p++) {
            min &= bytes[p];
            max |= bytes[p];
        }
        statistics.setMin_value(new byte[] {min});
        statistics.setMax_value(new byte[] {max});
    }
}
