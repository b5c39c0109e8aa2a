/** What a sky topic partition has delivered beyond its published cut, sorted into cuts. */
@NullMarked
package io.skyroll.sinks.intake;

import org.jspecify.annotations.NullMarked;
