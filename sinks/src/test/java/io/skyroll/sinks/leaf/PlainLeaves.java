package io.skyroll.sinks.leaf;

import io.skyroll.sinks.storage.StoreInput;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A leaf codec without Parquet: quick, and bytes that are a function of the rows, as the contract asks. */
public final class PlainLeaves implements LeafCodec {

    @Override
    public LeafWriter create(StoreOutput output) {
        return new Writer(output);
    }

    @Override
    public LeafReader open(StoreInput input) {
        try (input) {
            byte[] content = new byte[(int) input.length()];
            input.readFully(0, content, 0, content.length);
            return new Reader(content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static final class Writer implements LeafWriter {
        private final StoreOutput output;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private long rows;
        private int groups;

        Writer(StoreOutput output) {
            this.output = output;
        }

        @Override
        public void encode(RowCursor cursor) {
            ByteArrayOutputStream group = new ByteArrayOutputStream();
            int count = 0;
            try (DataOutputStream data = new DataOutputStream(group)) {
                while (cursor.next()) {
                    data.writeLong(cursor.healpix());
                    data.writeInt(cursor.end() - cursor.start());
                    data.write(cursor.bytes(), cursor.start(), cursor.end() - cursor.start());
                    count++;
                }
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            if (count == 0) {
                throw new IllegalArgumentException("a group needs a row");
            }
            add(count, group.toByteArray());
        }

        @Override
        public void copy(LeafReader source, int group) {
            byte[] bytes = ((Reader) source).groupBytes.get(group);
            add((int) source.groups().get(group).rows(), bytes);
        }

        @Override
        public long bytes() {
            return content.size();
        }

        @Override
        public LeafFile finish() {
            byte[] bytes = content.toByteArray();
            try {
                output.write(bytes);
                output.commit();
                String sha256 = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
                return new LeafFile(rows, bytes.length, sha256, groups);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (NoSuchAlgorithmException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public void close() {
            try {
                output.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private void add(int count, byte[] bytes) {
            content.writeBytes(
                    ByteBuffer.allocate(8).putInt(count).putInt(bytes.length).array());
            content.writeBytes(bytes);
            rows += count;
            groups++;
        }
    }

    private static final class Reader implements LeafReader {
        private final List<byte[]> groupBytes = new ArrayList<>();
        private final List<LeafGroup> groups = new ArrayList<>();

        Reader(byte[] content) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                int count = buffer.getInt();
                byte[] bytes = new byte[buffer.getInt()];
                buffer.get(bytes);
                groupBytes.add(bytes);
                RowCursor rows = new GroupCursor(bytes);
                rows.next();
                long first = rows.healpix();
                long last = first;
                while (rows.next()) {
                    last = rows.healpix();
                }
                groups.add(new LeafGroup(count, first, last));
            }
        }

        @Override
        public List<LeafGroup> groups() {
            return groups;
        }

        @Override
        public RowCursor rows(int group) {
            return new GroupCursor(groupBytes.get(group));
        }

        @Override
        public void close() {}
    }

    private static final class GroupCursor implements RowCursor {
        private final ByteBuffer buffer;
        private long healpix;
        private int start;
        private int end;

        GroupCursor(byte[] bytes) {
            buffer = ByteBuffer.wrap(bytes);
        }

        @Override
        public boolean next() {
            if (!buffer.hasRemaining()) {
                return false;
            }
            healpix = buffer.getLong();
            int length = buffer.getInt();
            start = buffer.position();
            end = start + length;
            buffer.position(end);
            return true;
        }

        @Override
        public long healpix() {
            return healpix;
        }

        @Override
        public byte[] bytes() {
            return buffer.array();
        }

        @Override
        public int start() {
            return start;
        }

        @Override
        public int end() {
            return end;
        }
    }
}
