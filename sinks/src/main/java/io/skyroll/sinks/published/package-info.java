/**
 * A HATS catalog as its readers find it, whoever wrote it: its properties, its files, its tables and its maps. Nothing here writes.
 *
 * <p>Sources: the HATS note of the IVOA, and the readers {@code hats} and {@code LSDB} where the note leaves something open.
 */
@NullMarked
package io.skyroll.sinks.published;

import org.jspecify.annotations.NullMarked;
