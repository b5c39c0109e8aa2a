package io.skyroll.schemas.sky;

import io.skyroll.schemas.failure.SkyrollException;

/**
 * Divides the sky among the partitions of a sky topic: each owns a contiguous range of HEALPix cells of the catalog's lowest order,
 * so that no leaf belongs to two. Immutable.
 *
 * @param lowestOrder the catalog's lowest order, 0 to 20
 * @param partitions number of partitions, from 1 to 12·4^lowestOrder
 */
public record SkyPartitions(int lowestOrder, int partitions) {
    private static final int KEY_ORDER = 29;
    /** Keeps a cell's number times the number of partitions within 63 bits. */
    private static final int MAX_LOWEST_ORDER = 20;
    /** Shares of so many cells are equal but for one in a million, with up to 3,000 partitions. */
    private static final int EVEN_ORDER = 14;

    public SkyPartitions {
        if (lowestOrder < 0 || lowestOrder > MAX_LOWEST_ORDER) {
            throw SkyrollException.configuration(
                    "lowest_order must be in [0, %d]: %d".formatted(MAX_LOWEST_ORDER, lowestOrder));
        }
        if (partitions < 1 || partitions > cells(lowestOrder)) {
            throw SkyrollException.configuration(
                    "topic_partitions must be in [1, %d] while lowest_order is %d, since a leaf belongs to one partition: %d"
                            .formatted(cells(lowestOrder), lowestOrder, partitions));
        }
    }

    /** Equal shares, for places that are hashes ({@link KeyPlace}) and have no leaves. */
    public static SkyPartitions even(int partitions) {
        return new SkyPartitions(EVEN_ORDER, partitions);
    }

    /** The partition of a HEALPix-29 value. */
    public int partition(long healpix29) {
        long cell = healpix29 >>> (2 * (KEY_ORDER - lowestOrder));
        return (int) (cell * partitions / cells(lowestOrder));
    }

    /** The first cell of the lowest order that a partition owns; that of the next partition ends its range. */
    public long firstCell(int partition) {
        return (partition * cells(lowestOrder) + partitions - 1) / partitions;
    }

    private static long cells(int order) {
        return 12L << (2 * order);
    }
}
