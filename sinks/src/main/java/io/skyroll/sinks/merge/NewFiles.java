package io.skyroll.sinks.merge;

/** Gives paths in the pool, none of them twice, and none that another process gives. */
public interface NewFiles {
    String leaf();

    String border();
}
