package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.publish.ChangeProgress;
import io.skyroll.producers.publish.ChangeProgress.TableChanges;
import io.skyroll.producers.publish.TableRun;
import io.skyroll.producers.snapshot.Handover;
import io.skyroll.producers.snapshot.SnapshotProducer;
import io.skyroll.producers.snapshot.SnapshotSettings;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Takes a snapshot on a thread of its own, while another one follows the changes behind it. That thread calls everything here but the
 * handover's methods, which are the snapshot's.
 */
final class SnapshotRunner {
    private final Optional<String> slot;
    private final SnapshotProducer producer;
    private final CompletableFuture<Started> started = new CompletableFuture<>();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final CountDownLatch cutWritten = new CountDownLatch(1);
    private volatile boolean isCopied;

    /** @param slot name of the slot that the snapshot leaves behind; empty when there is one already */
    SnapshotRunner(Optional<String> slot, SnapshotSettings settings, Connections connections, SchemaRegistry registry) {
        this.slot = slot;
        this.producer = new SnapshotProducer(settings, connections, registry, Optional.of(new Hand()));
    }

    SnapshotProducer producer() {
        return producer;
    }

    /**
     * A snapshot whose rows are being read.
     *
     * @param tables as they are in the snapshot
     * @param runs where their rows go
     */
    record Started(List<SourceTable> tables, List<TableRun> runs) {

        /** How far the topics follow the database before the first change. */
        ChangeProgress progress(String slot) {
            TableRun first = runs.get(0);
            List<TableChanges> nothing = IntStream.range(0, runs.size())
                    .mapToObj(table -> nothing(runs.get(table), tables.get(table)))
                    .toList();
            return new ChangeProgress(slot, first.system(), first.position(), first.time(), nothing);
        }

        /** The same, when changes of other tables were followed before. */
        ChangeProgress progress(ChangeProgress before) {
            Set<TableName> anew = runs.stream().map(run -> run.topic().name()).collect(Collectors.toUnmodifiableSet());
            List<TableChanges> all = new ArrayList<>(progress(before.slot()).tables());
            before.tables().stream()
                    .filter(table -> !anew.contains(table.table()))
                    .forEach(all::add);
            return new ChangeProgress(before.slot(), before.system(), before.position(), before.time(), all);
        }

        /** A table as it is in the snapshot; as it was given, if the snapshot is of others. */
        SourceTable table(SourceTable given) {
            return tables.stream()
                    .filter(table -> table.name().equals(given.name()))
                    .findFirst()
                    .orElse(given);
        }

        private static TableChanges nothing(TableRun run, SourceTable table) {
            return new TableChanges(
                    run.topic().name(),
                    run.topic().rowId(),
                    run.position(),
                    Collections.nCopies(run.topic().partitions(), 0L),
                    table.storage(),
                    Optional.empty());
        }
    }

    /** Starts, and returns when changes may be written. */
    Started start() throws InterruptedException {
        Thread thread = new Thread(this::run, "snapshot");
        thread.setDaemon(true);
        thread.start();
        try {
            return started.get();
        } catch (ExecutionException failed) {
            throw failure(failed);
        }
    }

    private void run() {
        try {
            producer.run();
            finished.complete(null);
        } catch (Throwable failure) {
            started.completeExceptionally(failure);
            finished.completeExceptionally(failure);
        }
    }

    /** Whether all rows are written. */
    boolean isCopied() {
        return isCopied;
    }

    /** The cut that ends the snapshot is visible. */
    void cutIsWritten() {
        cutWritten.countDown();
    }

    /** @throws SkyrollException when the snapshot has failed */
    void check() {
        if (finished.isCompletedExceptionally()) {
            try {
                finished.get();
            } catch (ExecutionException failed) {
                throw failure(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void stop() {
        producer.stop();
        cutWritten.countDown();
    }

    private static RuntimeException failure(ExecutionException failed) {
        return failed.getCause() instanceof RuntimeException failure
                ? failure
                : SkyrollException.defect("the snapshot failed", failed);
    }

    private final class Hand implements Handover {
        @Override
        public Optional<String> slot() {
            return slot;
        }

        @Override
        public void started(List<SourceTable> tables, List<TableRun> runs) {
            started.complete(new Started(tables, runs));
        }

        @Override
        public void copied() {
            isCopied = true;
            try {
                cutWritten.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted before the snapshot was whole");
            }
        }
    }
}
