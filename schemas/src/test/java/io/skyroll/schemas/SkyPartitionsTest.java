package io.skyroll.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.sky.SkyPartitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkyPartitionsTest {

    @ParameterizedTest
    @CsvSource({"0,1", "0,5", "0,12", "1,48", "2,7", "3,100", "20,997"})
    void partitionsAreContiguousRangesOfWholeCells(int lowestOrder, int partitions) {
        SkyPartitions sky = new SkyPartitions(lowestOrder, partitions);
        int shift = 2 * (29 - lowestOrder);

        for (int partition = 0; partition < partitions; partition++) {
            long first = sky.firstCell(partition);
            long end = sky.firstCell(partition + 1);
            assertThat(end).isGreaterThan(first);
            assertThat(sky.partition(first << shift)).isEqualTo(partition);
            assertThat(sky.partition((end << shift) - 1)).isEqualTo(partition);
        }
        assertThat(sky.firstCell(0)).isZero();
        assertThat(sky.firstCell(partitions)).isEqualTo(12L << (2 * lowestOrder));
    }

    @Test
    void moreThanOnePartitionPerLargestLeafIsRefused() {
        assertThatThrownBy(() -> new SkyPartitions(0, 13))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "topic_partitions must be in [1, 12] while lowest_order is 0, since a leaf belongs to one partition: 13");
    }
}
