/** Margins of pixels, made from the border files of the leaves around them. */
@NullMarked
package io.skyroll.sinks.margin;

import org.jspecify.annotations.NullMarked;
