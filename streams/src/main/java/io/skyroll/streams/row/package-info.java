/** Decides about one row: whether it passes the filters, and where on the sky it is. */
@NullMarked
package io.skyroll.streams.row;

import org.jspecify.annotations.NullMarked;
