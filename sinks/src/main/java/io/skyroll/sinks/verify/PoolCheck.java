package io.skyroll.sinks.verify;

import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.OrderMaxima;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.publish.DatasetManifest;
import io.skyroll.sinks.publish.SkyLayout;
import io.skyroll.sinks.publish.SkyManifest;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** Compares the files of the pool with the manifests that name them, each file once. Owned by one thread. */
final class PoolCheck {
    private static final int PIECE_BYTES = 1 << 20;

    private final Store store;
    private final Check check;
    /** SHA-256 by path, of files that were read. */
    private final Map<String, String> digests = new HashMap<>();

    PoolCheck(Store store, Check check) {
        this.store = store;
        this.check = check;
    }

    /** Number of files that were read. */
    int files() {
        return digests.size();
    }

    /** Checks all files of a manifest. */
    void check(SkyLayout layout, SkyManifest manifest) {
        String path = ChainCheck.manifestPath(manifest.generation(), manifest.step(), manifest.partition());
        long rows = 0;
        for (Leaf leaf : manifest.leaves()) {
            rows += leaf.rows();
            checkFile(path, leaf.file(), leaf.bytes(), leaf.sha256());
            leaf.border().ifPresent(border -> check(path, border));
        }
        if (rows != manifest.rows()) {
            check.found(path, "its leaves have %d rows, and it says %d", rows, manifest.rows());
        }
        checkCounts(path, layout, manifest);
    }

    /** Checks all files of a dataset's manifest. */
    void check(DatasetManifest manifest) {
        String path = ChainCheck.manifestPath(manifest.generation(), manifest.step(), manifest.partition());
        manifest.files().forEach(file -> checkFile(path, file.file(), file.bytes(), file.sha256()));
    }

    /** Checks a border file or a margin file that something names. */
    void check(String manifest, Border border) {
        checkFile(manifest, border.file(), border.bytes(), border.sha256());
    }

    private void checkFile(String manifest, String file, long bytes, String sha256) {
        if (digests.containsKey(file)) {
            if (!digests.get(file).equals(sha256)) {
                check.found(file, "its SHA-256 must be %s, says %s: %s", sha256, manifest, digests.get(file));
            }
            return;
        }
        check.attempt(file, () -> {
            try (StoreInput input = store.open(file)) {
                if (input.length() != bytes) {
                    check.found(file, "it must have %d bytes, says %s: %d", bytes, manifest, input.length());
                }
            }
            String digest = digest(store, file);
            digests.put(file, digest);
            if (!digest.equals(sha256)) {
                check.found(file, "its SHA-256 must be %s, says %s: %s", sha256, manifest, digest);
            }
        });
    }

    private void checkCounts(String manifest, SkyLayout layout, SkyManifest of) {
        String file = of.countsFile();
        check.attempt(file, () -> {
            CellCounts counts =
                    CellCounts.decode(store.read(file).orElseThrow(() -> new NoSuchFileException(store.uri(file))));
            if (counts.order() != layout.highestOrder()) {
                check.found(file, "it must be of order %d: %d", layout.highestOrder(), counts.order());
                return;
            }
            if (counts.total() != of.rows()) {
                check.found(file, "it must count %d rows, says %s: %d", of.rows(), manifest, counts.total());
            }
            for (Leaf leaf : of.leaves()) {
                if (counts.sum(leaf.top()) != leaf.rows()) {
                    check.found(
                            file,
                            "it must count %d rows in pixel %d of order %d: %d",
                            leaf.rows(),
                            leaf.top().npix(),
                            leaf.top().order(),
                            counts.sum(leaf.top()));
                }
            }
            if (!OrderMaxima.of(counts, layout.lowestOrder()).rows().equals(of.maxPerOrder())) {
                check.found(manifest, "its max_per_order is not that of %s", file);
            }
        });
    }

    /** The SHA-256 of a file, in hex. */
    static String digest(Store store, String file) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
        byte[] piece = new byte[PIECE_BYTES];
        try (StoreInput input = store.open(file)) {
            for (long done = 0; done < input.length(); ) {
                int length = (int) Math.min(PIECE_BYTES, input.length() - done);
                input.readFully(done, piece, 0, length);
                sha256.update(piece, 0, length);
                done += length;
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }
}
