package io.skyroll.sinks.hats;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Healpix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PointMapTest {
    private static final int BLOCK = 2880;

    @Test
    void headersAreThoseThatReadersOfHealpixMapsExpect() throws IOException {
        byte[] file = write(CellCounts.empty(3), 3);

        assertThat(cards(file, 0))
                .containsExactly(
                        "SIMPLE  =                    T",
                        "BITPIX  =                    8",
                        "NAXIS   =                    0",
                        "EXTEND  =                    T",
                        "END");
        assertThat(cards(file, BLOCK))
                .containsExactly(
                        "XTENSION= 'BINTABLE'",
                        "BITPIX  =                    8",
                        "NAXIS   =                    2",
                        "NAXIS1  =                    8",
                        "NAXIS2  =                  768",
                        "PCOUNT  =                    0",
                        "GCOUNT  =                    1",
                        "TFIELDS =                    1",
                        "TTYPE1  = 'VALUE   '",
                        "TFORM1  = 'K       '",
                        "PIXTYPE = 'HEALPIX '",
                        "ORDERING= 'NESTED  '",
                        "COORDSYS= 'C       '",
                        "EXTNAME = 'xtension'",
                        "NSIDE   =                    8",
                        "FIRSTPIX=                    0",
                        "LASTPIX =                  767",
                        "INDXSCHM= 'IMPLICIT'",
                        "OBJECT  = 'FULLSKY '",
                        "CREATOR = 'skyroll '",
                        "END");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 7})
    void everyCellHasItsRowsInWholeBlocks(int order) throws IOException {
        long last = Healpix.pixelCount(7) - 1;
        CellCounts counts = CellCounts.builder(7)
                .add(0, 3)
                .add(1, 4)
                .add(5_000, 1L << 40)
                .add(last, 9)
                .build();

        byte[] file = write(counts, order);

        long[] cells = new long[(int) Healpix.pixelCount(order)];
        for (int i = 0; i < counts.size(); i++) {
            cells[(int) (counts.cell(i) >> (2 * (7 - order)))] += counts.count(i);
        }
        ByteBuffer data = ByteBuffer.wrap(file, 2 * BLOCK, file.length - 2 * BLOCK);
        long[] written = new long[cells.length];
        Arrays.setAll(written, cell -> data.getLong());
        assertThat(written).isEqualTo(cells);
        assertThat(data.remaining()).isLessThan(BLOCK);
        while (data.hasRemaining()) {
            assertThat(data.get()).isZero();
        }
        assertThat(file.length % BLOCK).isZero();
    }

    @Test
    void theExplicitFormHasTheCellsWithRowsOnly() throws IOException {
        CellCounts counts =
                CellCounts.builder(4).add(1, 4).add(2, 1).add(3_071, 1L << 40).build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        PointMap.writeSparse(counts, 3, out);

        byte[] file = out.toByteArray();
        assertThat(cards(file, BLOCK))
                .containsExactly(
                        "XTENSION= 'BINTABLE'",
                        "BITPIX  =                    8",
                        "NAXIS   =                    2",
                        "NAXIS1  =                   16",
                        "NAXIS2  =                    2",
                        "PCOUNT  =                    0",
                        "GCOUNT  =                    1",
                        "TFIELDS =                    2",
                        "TTYPE1  = 'PIXEL   '",
                        "TFORM1  = 'K       '",
                        "TTYPE2  = 'VALUE   '",
                        "TFORM2  = 'K       '",
                        "PIXTYPE = 'HEALPIX '",
                        "ORDERING= 'NESTED  '",
                        "COORDSYS= 'C       '",
                        "EXTNAME = 'xtension'",
                        "NSIDE   =                    8",
                        "OBS_NPIX=                    2",
                        "INDXSCHM= 'EXPLICIT'",
                        "CREATOR = 'skyroll '",
                        "END");
        ByteBuffer data = ByteBuffer.wrap(file, 2 * BLOCK, file.length - 2 * BLOCK);
        long[] written = new long[4];
        Arrays.setAll(written, i -> data.getLong());
        assertThat(written).containsExactly(0, 5, 767, 1L << 40);
        assertThat(file).hasSize(3 * BLOCK);
    }

    @Test
    void aMapIsSparseWhenMostOfItsCellsAreEmpty() {
        CellCounts.Builder counts = CellCounts.builder(1);
        for (long cell = 0; cell < 24; cell++) {
            counts.add(cell, 1);
        }

        assertThat(PointMap.isSparse(counts.build(), 1)).isFalse();
        assertThat(PointMap.isSparse(CellCounts.builder(1).add(0, 9).build(), 1))
                .isTrue();
        assertThat(PointMap.isSparse(CellCounts.empty(1), 1)).isTrue();
    }

    @Test
    void theOrderIsEightUnlessTheCountsAreCoarser() {
        assertThat(PointMap.defaultOrder(10)).isEqualTo(8);
        assertThat(PointMap.defaultOrder(5)).isEqualTo(5);
    }

    private static byte[] write(CellCounts counts, int order) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PointMap.write(counts, order, out);
        return out.toByteArray();
    }

    private static List<String> cards(byte[] file, int offset) {
        List<String> cards = new ArrayList<>();
        for (int at = offset; at < offset + BLOCK; at += 80) {
            String card = new String(file, at, 80, StandardCharsets.US_ASCII).stripTrailing();
            if (!card.isEmpty()) {
                cards.add(card);
            }
        }
        return cards;
    }
}
