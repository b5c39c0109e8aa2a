/** Where each row of a table was put, for tables whose changes do not tell the old row. */
@NullMarked
package io.skyroll.streams.places;

import org.jspecify.annotations.NullMarked;
