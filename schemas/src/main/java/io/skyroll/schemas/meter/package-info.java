/** Counters that stages expose to whoever displays them. */
@NullMarked
package io.skyroll.schemas.meter;

import org.jspecify.annotations.NullMarked;
