package io.skyroll.producers.publish;

/** How many rows a record of a snapshot holds. */
public enum Packing {
    /** As many as fit; such a record has no key. */
    BATCHES,
    /** One; the record's key is the row's primary key. */
    SINGLE_ROWS
}
