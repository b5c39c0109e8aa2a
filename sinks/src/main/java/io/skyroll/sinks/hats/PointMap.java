package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes {@code point_map.fits} and the skymaps: the number of rows in every HEALPix cell of one order, as a FITS binary table of 64-bit
 * integers in HEALPix's implicit form, or the explicit one, which leaves out the cells without rows. LSDB takes the catalog's coverage from the point map, so it must count every row.
 *
 * <p>Source: FITS standard 4.0, sections 4.1 and 7.3; the HEALPix primer, appendix on file formats.
 */
public final class PointMap {
    /** FITS files are made of blocks of this many bytes. */
    private static final int BLOCK_BYTES = 2880;

    private static final int CARD_BYTES = 80;
    private static final int BUFFER_BYTES = 1 << 16;
    /** 6 MB. LSDB reads the whole map at every open; finer ones have made that slow. */
    private static final int DEFAULT_ORDER = 8;

    private PointMap() {}

    /** The order of the map unless configured: 8, or less if the cells of the counts are larger. */
    public static int defaultOrder(int highestOrder) {
        return Math.min(DEFAULT_ORDER, highestOrder);
    }

    /** Whether more than half of the cells of a map have no rows; cdshealpix takes the explicit form then. */
    public static boolean isSparse(CellCounts counts, int order) {
        return counts.degrade(order).size() < Healpix.pixelCount(order) / 2;
    }

    /**
     * Writes the file in the explicit form: 16 bytes per cell that has rows and a few thousand. Readers need cdshealpix 0.8 for it. Does not
     * close the stream.
     *
     * @param order order of the map, at most that of the counts
     */
    public static void writeSparse(CellCounts counts, int order, OutputStream out) throws IOException {
        CellCounts cells = counts.degrade(order);
        out.write(sparseHeader(order, cells.size()));
        ByteBuffer row = ByteBuffer.allocate(2 * Long.BYTES);
        for (int i = 0; i < cells.size(); i++) {
            out.write(row.clear().putLong(cells.cell(i)).putLong(cells.count(i)).array());
        }
        out.write(new byte[Math.floorMod(-(long) cells.size() * row.capacity(), BLOCK_BYTES)]);
    }

    /**
     * Writes the file: 96·4^order bytes and a few thousand. Does not close the stream.
     *
     * @param order order of the map, at most that of the counts
     */
    public static void write(CellCounts counts, int order, OutputStream out) throws IOException {
        CellCounts cells = counts.degrade(order);
        out.write(header(order));
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long cellCount = Healpix.pixelCount(order);
        int next = 0;
        for (long cell = 0; cell < cellCount; cell++) {
            boolean hasRows = next < cells.size() && cells.cell(next) == cell;
            buffer.putLong(hasRows ? cells.count(next++) : 0);
            if (!buffer.hasRemaining()) {
                out.write(buffer.array());
                buffer.clear();
            }
        }
        out.write(buffer.array(), 0, buffer.position());
        out.write(new byte[Math.floorMod(-cellCount * Long.BYTES, BLOCK_BYTES)]);
    }

    private static byte[] header(int order) {
        long cellCount = Healpix.pixelCount(order);
        StringBuilder header = table(order, cellCount, "VALUE");
        integer(header, "FIRSTPIX", 0);
        integer(header, "LASTPIX", cellCount - 1);
        text(header, "INDXSCHM", "IMPLICIT");
        text(header, "OBJECT", "FULLSKY");
        text(header, "CREATOR", "skyroll");
        end(header);
        return header.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sparseHeader(int order, int rows) {
        StringBuilder header = table(order, rows, "PIXEL", "VALUE");
        integer(header, "OBS_NPIX", rows);
        text(header, "INDXSCHM", "EXPLICIT");
        text(header, "CREATOR", "skyroll");
        end(header);
        return header.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** What the headers of both forms begin with. */
    private static StringBuilder table(int order, long rows, String... columns) {
        StringBuilder header = new StringBuilder();
        logical(header, "SIMPLE", "T");
        integer(header, "BITPIX", 8);
        integer(header, "NAXIS", 0);
        logical(header, "EXTEND", "T");
        end(header);
        text(header, "XTENSION", "BINTABLE");
        integer(header, "BITPIX", 8);
        integer(header, "NAXIS", 2);
        integer(header, "NAXIS1", (long) columns.length * Long.BYTES);
        integer(header, "NAXIS2", rows);
        integer(header, "PCOUNT", 0);
        integer(header, "GCOUNT", 1);
        integer(header, "TFIELDS", columns.length);
        for (int i = 0; i < columns.length; i++) {
            text(header, "TTYPE" + (i + 1), columns[i]);
            text(header, "TFORM" + (i + 1), "K");
        }
        text(header, "PIXTYPE", "HEALPIX");
        text(header, "ORDERING", "NESTED");
        text(header, "COORDSYS", "C");
        text(header, "EXTNAME", "xtension");
        integer(header, "NSIDE", 1L << order);
        return header;
    }

    private static void text(StringBuilder header, String keyword, String value) {
        card(header, String.format(Locale.ROOT, "%-8s= '%-8s'", keyword, value));
    }

    private static void integer(StringBuilder header, String keyword, long value) {
        card(header, String.format(Locale.ROOT, "%-8s= %20d", keyword, value));
    }

    private static void logical(StringBuilder header, String keyword, String value) {
        card(header, String.format(Locale.ROOT, "%-8s= %20s", keyword, value));
    }

    private static void end(StringBuilder header) {
        card(header, "END");
        header.append(" ".repeat(Math.floorMod(-header.length(), BLOCK_BYTES)));
    }

    private static void card(StringBuilder header, String card) {
        header.append(card).append(" ".repeat(CARD_BYTES - card.length()));
    }
}
