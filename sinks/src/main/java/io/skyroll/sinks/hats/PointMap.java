package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes {@code point_map.fits} and the skymaps: the number of rows in every HEALPix cell of one order, as a FITS binary table of 64-bit
 * integers in HEALPix's implicit form. LSDB takes the catalog's coverage from the point map, so it must count every row.
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
        StringBuilder header = new StringBuilder();
        logical(header, "SIMPLE", "T");
        integer(header, "BITPIX", 8);
        integer(header, "NAXIS", 0);
        logical(header, "EXTEND", "T");
        end(header);
        text(header, "XTENSION", "BINTABLE");
        integer(header, "BITPIX", 8);
        integer(header, "NAXIS", 2);
        integer(header, "NAXIS1", Long.BYTES);
        integer(header, "NAXIS2", cellCount);
        integer(header, "PCOUNT", 0);
        integer(header, "GCOUNT", 1);
        integer(header, "TFIELDS", 1);
        text(header, "TTYPE1", "VALUE");
        text(header, "TFORM1", "K");
        text(header, "PIXTYPE", "HEALPIX");
        text(header, "ORDERING", "NESTED");
        text(header, "COORDSYS", "C");
        text(header, "EXTNAME", "xtension");
        integer(header, "NSIDE", 1L << order);
        integer(header, "FIRSTPIX", 0);
        integer(header, "LASTPIX", cellCount - 1);
        text(header, "INDXSCHM", "IMPLICIT");
        text(header, "OBJECT", "FULLSKY");
        text(header, "CREATOR", "skyroll");
        end(header);
        return header.toString().getBytes(StandardCharsets.US_ASCII);
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
