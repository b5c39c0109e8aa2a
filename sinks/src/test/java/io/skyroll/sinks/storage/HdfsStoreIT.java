package io.skyroll.sinks.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

final class HdfsStoreIT extends StoreContract {

    @SuppressWarnings("NullAway.Init")
    private static MiniDFSCluster cluster;

    private final UUID test = UUID.randomUUID();

    @BeforeAll
    static void startCluster(@TempDir Path directory) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
        // The namenode would go into safe mode on a disk that is nearly full; how full the disk is, is not what is
        // tested.
        configuration.setLong("dfs.namenode.resource.du.reserved", 0);
        configuration.setLong("dfs.namenode.resource.check.interval", TimeUnit.HOURS.toMillis(1));
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        cluster.waitActive();
    }

    @AfterAll
    static void stopCluster() {
        cluster.shutdown();
    }

    @Override
    int races() {
        // Each creator syncs a block on a datanode: a race takes a good part of a second.
        return 8;
    }

    @Override
    Store open() throws IOException {
        return Stores.open("%s/tests/%s".formatted(cluster.getURI(), test));
    }
}
