/**
 * The HATS catalog as numbers and bytes: how rows are divided into leaves, what the leaves are called, and the small files that
 * make a directory of leaves a catalog. Pure functions and values; nothing here touches a file system.
 *
 * <p>Sources: the HATS note of the IVOA, and the readers {@code hats} and {@code LSDB} where the note leaves something open.
 */
@NullMarked
package io.skyroll.sinks.hats;

import org.jspecify.annotations.NullMarked;
