package io.skyroll.sinks.published;

import io.skyroll.healpix.Healpix;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A map of counts per HEALPix cell in FITS, as {@code point_map.fits} and {@code skymap.fits} are: NESTED, with all cells (implicit
 * form) or with those that have rows (explicit form). Owned by one thread.
 *
 * <p>Source: FITS standard 4.0, sections 4.1 and 7.3; the HEALPix primer, appendix on file formats.
 */
public final class SkyMap implements AutoCloseable {
    private static final int BLOCK_BYTES = 2880;
    private static final int CARD_BYTES = 80;
    private static final int PIECE_BYTES = 1 << 20;
    /** More than any header of such a file has. */
    private static final int MAX_HEADER_BLOCKS = 100;

    private static final Pattern FORM = Pattern.compile("(\\d*)([BIJKED])");

    private final String path;
    private final StoreInput input;
    private final Map<String, String> cards;
    private final long data;
    private final int order;

    /** Takes the counts. */
    public interface Taker {
        /** Takes the count of a cell; also 0. */
        void take(long cell, long count);
    }

    private SkyMap(String path, StoreInput input) throws IOException {
        this.path = path;
        this.input = input;
        long extension = readHeader(0, new HashMap<>());
        this.cards = new HashMap<>();
        this.data = readHeader(extension, cards);
        require("XTENSION", "BINTABLE");
        require("ORDERING", "NESTED");
        long side = cards.containsKey("NSIDE") ? integer("NSIDE") : 1L << integer("ORDER");
        this.order = Long.numberOfTrailingZeros(side);
        if (Long.bitCount(side) != 1 || order > Healpix.MAX_ORDER) {
            throw damaged("NSIDE must be a power of two up to 2^29: %d".formatted(side));
        }
    }

    /**
     * Opens a map.
     *
     * @throws SkyrollException when it is no such map
     */
    public static SkyMap open(Store store, String path) throws IOException {
        StoreInput input = store.open(path);
        try {
            return new SkyMap(path, input);
        } catch (IOException | RuntimeException failure) {
            input.close();
            throw failure;
        }
    }

    /** Order of the cells. */
    public int order() {
        return order;
    }

    /**
     * Gives every cell that the file has, in its order, which is that of the cells.
     *
     * @throws SkyrollException when the file is damaged
     */
    public void forEach(Taker taker) throws IOException {
        if (text("INDXSCHM").equals("EXPLICIT")) {
            explicit(taker);
        } else {
            implicit(taker);
        }
    }

    private void implicit(Taker taker) throws IOException {
        Form form = form("TFORM1");
        long cells = Math.multiplyExact(integer("NAXIS2"), form.repeat);
        if (cells != Healpix.pixelCount(order) || integer("NAXIS1") != (long) form.repeat * form.bytes) {
            throw damaged("it has %d cells, order %d has %d".formatted(cells, order, Healpix.pixelCount(order)));
        }
        long[] next = {0};
        forEachRow(form.bytes, cells, row -> taker.take(next[0]++, form.read(row)));
    }

    private void explicit(Taker taker) throws IOException {
        Form pixel = form("TFORM1");
        Form count = form("TFORM2");
        if (pixel.repeat != 1 || count.repeat != 1 || integer("NAXIS1") != pixel.bytes + count.bytes) {
            throw damaged("its rows are not of one pixel and one count");
        }
        long[] last = {-1};
        forEachRow(pixel.bytes + count.bytes, integer("NAXIS2"), row -> {
            long cell = pixel.read(row);
            if (cell <= last[0] || cell >= Healpix.pixelCount(order)) {
                throw damaged("cell %d after cell %d".formatted(cell, last[0]));
            }
            last[0] = cell;
            taker.take(cell, count.read(row));
        });
    }

    private interface RowTaker {
        void take(ByteBuffer row);
    }

    private void forEachRow(int rowBytes, long rows, RowTaker taker) throws IOException {
        if (input.length() - data < rows * rowBytes) {
            throw damaged("it is cut off: %d bytes".formatted(input.length()));
        }
        int rowsPerPiece = PIECE_BYTES / rowBytes;
        byte[] piece = new byte[rowsPerPiece * rowBytes];
        for (long done = 0; done < rows; done += rowsPerPiece) {
            int length = (int) Math.min(rowsPerPiece, rows - done) * rowBytes;
            input.readFully(data + done * rowBytes, piece, 0, length);
            for (ByteBuffer row = ByteBuffer.wrap(piece, 0, length); row.hasRemaining(); ) {
                taker.take(row);
            }
        }
    }

    /** Reads cards up to END, and gives where the data begin. */
    private long readHeader(long start, Map<String, String> into) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        for (int number = 0; number < MAX_HEADER_BLOCKS; number++) {
            long place = start + (long) number * BLOCK_BYTES;
            if (place + BLOCK_BYTES > input.length()) {
                break;
            }
            input.readFully(place, block, 0, BLOCK_BYTES);
            for (int card = 0; card < BLOCK_BYTES; card += CARD_BYTES) {
                String text = new String(block, card, CARD_BYTES, StandardCharsets.US_ASCII);
                if (text.strip().equals("END")) {
                    return place + BLOCK_BYTES;
                }
                if (text.startsWith("= ", 8)) {
                    into.put(text.substring(0, 8).strip(), value(text.substring(10)));
                }
            }
        }
        throw damaged("it is no FITS file, or it is cut off");
    }

    private static String value(String text) {
        String stripped = text.strip();
        if (stripped.startsWith("'")) {
            int end = stripped.indexOf('\'', 1);
            return stripped.substring(1, end < 0 ? stripped.length() : end).strip();
        }
        int comment = stripped.indexOf('/');
        return (comment < 0 ? stripped : stripped.substring(0, comment)).strip();
    }

    private String text(String card) {
        return cards.getOrDefault(card, "");
    }

    private long integer(String card) {
        try {
            return Long.parseLong(text(card));
        } catch (NumberFormatException none) {
            throw damaged("%s must be a whole number: '%s'".formatted(card, text(card)));
        }
    }

    private void require(String card, String value) {
        if (!text(card).equals(value)) {
            throw damaged("%s must be %s: '%s'".formatted(card, value, text(card)));
        }
    }

    private Form form(String card) {
        Matcher matcher = FORM.matcher(text(card));
        if (!matcher.matches()) {
            throw damaged("%s is not understood: '%s'".formatted(card, text(card)));
        }
        int repeat = matcher.group(1).isEmpty() ? 1 : Integer.parseInt(matcher.group(1));
        return new Form(matcher.group(2).charAt(0), repeat);
    }

    private SkyrollException damaged(String what) {
        return SkyrollException.defect("%s: %s".formatted(path, what));
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** How numbers are stored. */
    private static final class Form {
        private final char letter;
        private final int repeat;
        private final int bytes;

        Form(char letter, int repeat) {
            this.letter = letter;
            this.repeat = repeat;
            this.bytes = switch (letter) {
                case 'B' -> 1;
                case 'I' -> Short.BYTES;
                case 'J', 'E' -> Integer.BYTES;
                default -> Long.BYTES;
            };
        }

        long read(ByteBuffer row) {
            return switch (letter) {
                case 'B' -> row.get() & 0xFF;
                case 'I' -> row.getShort();
                case 'J' -> row.getInt();
                case 'E' -> (long) row.getFloat();
                case 'D' -> (long) row.getDouble();
                default -> row.getLong();
            };
        }
    }
}
