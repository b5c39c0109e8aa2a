package io.skyroll.sinks.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
final class HdfsStoreIT extends StoreContract {

    @SuppressWarnings("NullAway.Init")
    private static MiniDFSCluster cluster;

    /** Two for all tests: making one takes longer than most tests. */
    private static final List<DistributedFileSystem> CLIENTS = new ArrayList<>();

    private final UUID test = UUID.randomUUID();
    private int opened;

    @BeforeAll
    static void startCluster(@TempDir java.nio.file.Path directory) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
        // The namenode would go into safe mode on a disk that is nearly full; how full the disk is, is not what is
        // tested.
        configuration.setLong("dfs.namenode.resource.du.reserved", 0);
        configuration.setLong("dfs.namenode.resource.check.interval", TimeUnit.HOURS.toMillis(1));
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        cluster.waitActive();
        for (int i = 0; i < 2; i++) {
            CLIENTS.add(Stores.hdfs(new Path(cluster.getURI()), Map.of()));
        }
    }

    @AfterAll
    static void stopCluster() throws IOException {
        for (DistributedFileSystem client : CLIENTS) {
            client.close();
        }
        cluster.shutdown();
    }

    @Override
    int races() {
        // Each creator syncs a block on a datanode: a race takes a good part of a second.
        return 8;
    }

    @Override
    Store open() {
        return new HdfsStore(new Path(location()), CLIENTS.get(opened++ % CLIENTS.size()));
    }

    @Override
    void close(Store open) {
        // The next test needs the client.
    }

    @Test
    void isOpenedByItsLocation() throws IOException {
        try (Store store = Stores.open(location())) {
            store.replace("a", new byte[7]);
        }

        assertThat(open().list("")).contains(new Store.Entry("a", 7, false));
    }

    private String location() {
        return "%s/tests/%s".formatted(cluster.getURI(), test);
    }
}
