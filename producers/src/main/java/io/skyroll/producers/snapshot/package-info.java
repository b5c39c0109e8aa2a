/** Reads tables whole, in parallel and at one place in the database's history. */
@NullMarked
package io.skyroll.producers.snapshot;

import org.jspecify.annotations.NullMarked;
