package io.skyroll.sinks.publish;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the margins of steps whose manifests are complete, commits their versions, assembles them and points readers to the newest one, or to the pinned one. Every sink
 * process runs one. Who commits a version assembles it at once; the others step in when readers are not pointed to it within their
 * patience.
 *
 * <p>The pointer is a projection of the chain: whoever writes it reads the chain again afterwards and writes it again if need be, and every
 * assembler checks it over and over. So a process that was stopped just before writing an old pointer misleads readers for a moment
 * only: to a version that was complete, though its files may be removed by then if more versions came meanwhile than are retained.
 *
 * <p>Owned by one thread.
 */
public final class Assembler {
    private final Chain chain;
    private final Generation generation;
    private final Margins margins;
    private final VersionDirectory directory;
    private final Garbage garbage;
    private final InstantSource clock;
    private final Duration patience;
    private Instant behindSince;
    private boolean isBehind;
    private @Nullable Version pointedTo;

    public Assembler(
            Chain chain,
            Generation generation,
            Margins margins,
            VersionDirectory directory,
            Garbage garbage,
            InstantSource clock,
            Duration patience) {
        this.chain = chain;
        this.generation = generation;
        this.margins = margins;
        this.directory = directory;
        this.garbage = garbage;
        this.clock = clock;
        this.patience = patience;
        // At the start nobody else may be there to finish what a killed process has begun.
        this.behindSince = Instant.MIN;
        this.isBehind = true;
    }

    /** The version that this assembler last found readers pointed to, and found to be the right one. */
    public Optional<Version> pointedTo() {
        return Optional.ofNullable(pointedTo);
    }

    /**
     * Does what can be done.
     *
     * @return whether something was done
     */
    public boolean advance() throws IOException {
        boolean committed = commitNext();
        Optional<Version> wanted = wanted();
        if (wanted.isEmpty()) {
            return committed;
        }
        if (directory.pointed().equals(directory.name(wanted.get()))) {
            isBehind = false;
            pointedTo = wanted.get();
            if (committed) {
                // Readers are pinned: versions that none of them will see become old nevertheless.
                garbage.collect();
            }
            return committed;
        }
        boolean wasMovedBack = wanted.get().equals(pointedTo);
        if (!committed && !wasMovedBack && !isPatienceOver()) {
            return false;
        }
        try {
            project(wanted.get());
        } catch (NoSuchFileException collected) {
            // Files of a version are collected once it is retained no longer; those of the newest one never are.
            if (chain.newestVersion().equals(wanted)) {
                throw collected;
            }
            return false;
        }
        garbage.collect();
        return true;
    }

    /**
     * Points readers to the version that they are to see, if they see another one: what a pin, or its release, asks for. Commits nothing.
     *
     * @throws NoSuchFileException when files of that version are collected meanwhile
     */
    public void pointReaders() throws IOException {
        Optional<Version> wanted = wanted();
        if (wanted.isPresent() && !directory.pointed().equals(directory.name(wanted.get()))) {
            project(wanted.get());
        }
    }

    private boolean commitNext() throws IOException {
        long next =
                chain.newestVersion(generation.number()).map(Version::number).orElse(0L) + 1;
        if (chain.manifestCount(generation.number(), next) < generation.layout().partitions()) {
            return false;
        }
        Optional<Step> step = chain.step(generation.number(), next);
        if (step.isEmpty() || !haveMargins(step.get())) {
            return false;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return chain.create(new Version(generation.number(), next, step.get().cut(), now));
    }

    /**
     * Sees to the margins of a step. They come before the commit, so that every committed version names all files that it needs: garbage is
     * judged by that.
     *
     * @return false when others have committed the step meanwhile
     */
    private boolean haveMargins(Step step) throws IOException {
        try {
            if (!margins.areComplete(generation, step.number())) {
                margins.complete(generation, step.number(), manifests(generation, step.number(), step.cut()));
            }
            return true;
        } catch (IOException | SkyrollException failure) {
            // Who is overtaken finds files gone.
            if (chain.newestVersion(generation.number())
                    .filter(newest -> newest.number() >= step.number())
                    .isPresent()) {
                return false;
            }
            throw failure;
        }
    }

    /** The version that readers are to see. */
    private Optional<Version> wanted() throws IOException {
        return chain.wanted();
    }

    private boolean isPatienceOver() {
        if (!isBehind) {
            isBehind = true;
            behindSince = clock.instant();
        }
        return behindSince.equals(Instant.MIN)
                || Duration.between(behindSince, clock.instant()).compareTo(patience) >= 0;
    }

    private void project(Version version) throws IOException {
        Version target = version;
        while (true) {
            Generation of = target.generation() == generation.number()
                    ? generation
                    : chain.generation(target.generation()).orElseThrow();
            directory.assemble(of, target, manifests(of, target.number(), target.cut()));
            Version assembled = target;
            target = wanted().orElse(assembled);
            if (!target.equals(assembled)) {
                continue;
            }
            directory.point(assembled);
            target = wanted().orElse(assembled);
            if (target.equals(assembled)) {
                isBehind = false;
                pointedTo = assembled;
                return;
            }
        }
    }

    private List<Manifest> manifests(Generation of, long step, Position cut) throws IOException {
        List<Manifest> manifests = new ArrayList<>();
        for (int partition = 0; partition < of.layout().partitions(); partition++) {
            Optional<Manifest> manifest = chain.manifest(of.number(), step, partition);
            if (manifest.isEmpty()) {
                throw new NoSuchFileException("manifest of partition %d for step %d of generation %d"
                        .formatted(partition, step, of.number()));
            }
            if (!manifest.get().cut().equals(cut)) {
                throw SkyrollException.defect("step %d is of the cut at %s, the manifest of partition %d of that at %s"
                        .formatted(step, cut, partition, manifest.get().cut()));
            }
            manifests.add(manifest.get());
        }
        return manifests;
    }
}
