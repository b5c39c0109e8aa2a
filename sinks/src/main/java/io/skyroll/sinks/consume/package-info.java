/** The consumer loop of a sink process. */
@NullMarked
package io.skyroll.sinks.consume;

import org.jspecify.annotations.NullMarked;
