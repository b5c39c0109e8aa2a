package io.skyroll.sinks.publish;

import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.intake.PartitionIntake;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one partition, step after step. Any number of these may work on the same partition, in any processes: the objects that they
 * create if absent decide, and who comes second goes on from what the first one wrote.
 *
 * <pre>
 *              the base is committed          an aligned cut: create steps/n
 *   COMMITTING ────────────────────► PROPOSING ────────────────────────────► FOLLOWING
 *        ▲                                                                       │ the step's cut is aligned: freeze, merge
 *        └─────────────────────────── PUBLISHING ◄───────────────────────────────┘
 *          create manifests/n, or take the one that is there
 * </pre>
 *
 * <p>Driven by {@link #advance()}, which does at most one of these transitions; owned by one thread at a time.
 */
public final class PartitionPublisher {
    private final Chain chain;
    private final Generation generation;
    private final PartitionIntake intake;
    private final ManifestWriter writer;
    private final int partition;
    private Optional<Manifest> base;
    private State state = State.COMMITTING;
    private @Nullable Step step;
    private @Nullable Manifest written;
    private boolean awaitsNewer;

    /** What a call of {@link #advance()} came to. */
    public enum Progress {
        /** A transition was made: call again. */
        WORKED,
        /** Nothing can be done until a cut is aligned or another partition has published. */
        WAITING,
        /** Others have gone on without this publisher: make a new one from the newest manifest. */
        OVERTAKEN
    }

    private enum State {
        COMMITTING,
        PROPOSING,
        FOLLOWING,
        PUBLISHING
    }

    /**
     * @param base the newest manifest of the partition; empty when there is none in this generation
     * @param intake what came after the base's cut
     */
    public PartitionPublisher(
            Chain chain,
            Generation generation,
            int partition,
            Optional<Manifest> base,
            PartitionIntake intake,
            ManifestWriter writer) {
        this.chain = chain;
        this.generation = generation;
        this.partition = partition;
        this.base = base;
        this.intake = intake;
        this.writer = writer;
    }

    /** The newest manifest of the partition, as far as this publisher knows; empty before the first. */
    public Optional<Manifest> base() {
        return base;
    }

    /** Whether the publisher follows a step whose cut has not come yet, or has to wait for a newer cut than it has: then only reading on helps. */
    public boolean awaitsCut() {
        return awaitsNewer || (step != null && !intake.isAligned(step.cut()));
    }

    /** Makes the next transition, if it can be made. */
    public Progress advance() throws IOException {
        return switch (state) {
            case COMMITTING -> awaitCommit();
            case PROPOSING -> propose();
            case FOLLOWING -> merge();
            case PUBLISHING -> publish();
        };
    }

    /** Waits for the base's version, so that a quick partition does not run ahead and force steps on a slow one. */
    private Progress awaitCommit() throws IOException {
        long published = base.map(Manifest::step).orElse(0L);
        long committed =
                chain.newestVersion(generation.number()).map(Version::number).orElse(0L);
        if (committed > published) {
            return Progress.OVERTAKEN;
        }
        if (committed < published) {
            return Progress.WAITING;
        }
        state = State.PROPOSING;
        return Progress.WORKED;
    }

    private Progress propose() throws IOException {
        Optional<Position> cut = intake.newestAligned();
        if (cut.isEmpty() || chain.isPaused()) {
            return Progress.WAITING;
        }
        // Where rows of another form come behind it there will be no newer one: readers stay where they are meanwhile.
        awaitsNewer = base.isEmpty() && !intake.isAnotherFormBehind(cut.get()) && isBehindReaders(cut.get());
        if (awaitsNewer) {
            return Progress.WAITING;
        }
        long next = base.map(Manifest::step).orElse(0L) + 1;
        chain.create(generation.number(), new Step(next, cut.get()));
        Optional<Step> decided = chain.step(generation.number(), next);
        if (decided.isEmpty()) {
            return Progress.OVERTAKEN;
        }
        step = decided.get();
        state = State.FOLLOWING;
        return Progress.WORKED;
    }

    /**
     * Whether readers would be led back: a new generation that reads the topic of the one before meets its old cuts again. In another
     * topic, positions need not follow the former ones.
     */
    private boolean isBehindReaders(Position cut) throws IOException {
        Optional<Version> seen = chain.newestVersion();
        if (seen.isEmpty() || seen.get().generation() == generation.number()) {
            return false;
        }
        Optional<Generation> former = chain.generation(seen.get().generation());
        return former.isPresent()
                && former.get().readsWhat(generation)
                && seen.get().cut().isAfter(cut);
    }

    private Progress merge() throws IOException {
        Step following = required(step);
        Optional<Manifest> theirs = chain.manifest(generation.number(), following.number(), partition);
        boolean isAligned = intake.isAligned(following.cut());
        if (theirs.isPresent()) {
            if (!isAligned) {
                // The intake cannot tell yet which of its rows the manifest covers.
                return Progress.OVERTAKEN;
            }
            goOnFrom(theirs.get());
            return Progress.WORKED;
        }
        if (!isAligned) {
            // The cut is in every partition of the topic, since whoever proposed it had it from every upstream.
            return Progress.WAITING;
        }
        Frozen frozen = intake.freeze(following.cut());
        try {
            written = writer.write(generation, following, partition, base, frozen);
        } catch (NoSuchFileException collected) {
            if (isOvertakenAt(following)) {
                return Progress.OVERTAKEN;
            }
            throw SkyrollException.defect(
                    "%s is missing although a manifest of partition %d names it: restore it from a backup, or start again with --new-generation"
                            .formatted(collected.getMessage(), partition),
                    collected);
        } catch (SkyrollException failure) {
            if (failure.kind() == FailureKind.UNAVAILABLE && isOvertakenAt(following)) {
                return Progress.OVERTAKEN;
            }
            throw failure;
        }
        state = State.PUBLISHING;
        return Progress.WORKED;
    }

    /**
     * Whether the step has become a version without this publisher. The base's files may be collected then, under the hands of who
     * reads them; before that they never are.
     */
    private boolean isOvertakenAt(Step following) throws IOException {
        long committed =
                chain.newestVersion(generation.number()).map(Version::number).orElse(0L);
        return committed >= following.number();
    }

    private Progress publish() throws IOException {
        Manifest ours = required(written);
        if (chain.create(ours)) {
            goOnFrom(ours);
            return Progress.WORKED;
        }
        // The winner's manifest is as right as ours: it was made from the same rows up to the same cut.
        Optional<Manifest> theirs = chain.manifest(generation.number(), ours.step(), partition);
        if (theirs.isEmpty()) {
            return Progress.OVERTAKEN;
        }
        goOnFrom(theirs.get());
        return Progress.WORKED;
    }

    private void goOnFrom(Manifest manifest) {
        base = Optional.of(manifest);
        intake.release(manifest.cut());
        step = null;
        written = null;
        state = State.COMMITTING;
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw SkyrollException.defect("a publisher's state has lost what belongs to it");
        }
        return value;
    }
}
