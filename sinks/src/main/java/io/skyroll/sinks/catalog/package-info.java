/** What a version of a catalog has besides its leaves, and what HATS asks of every catalog: files that save readers work. */
@NullMarked
package io.skyroll.sinks.catalog;

import org.jspecify.annotations.NullMarked;
