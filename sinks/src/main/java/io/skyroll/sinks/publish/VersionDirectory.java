package io.skyroll.sinks.publish;

import java.io.IOException;
import java.util.List;

/** Puts a committed version's directory together, as readers of catalogs want it. */
public interface VersionDirectory {

    /** The directory's name in the collection; different for every version. */
    String name(Version version);

    /**
     * Assembles the directory. Several processes may do it at once, and one may stop half-way and another start over: the same
     * version always gives the same files.
     *
     * @param manifests of all partitions, in order
     */
    void assemble(Generation generation, Version version, List<Manifest> manifests) throws IOException;

    /** The name of the version directory that readers are pointed to; empty when there is none. */
    String pointed() throws IOException;

    /** Points readers to a version's directory. */
    void point(Version version) throws IOException;
}
