/** Partitioned datasets: rows in folders by their values, appended to files, each file closed when it is large or old enough. */
@NullMarked
package io.skyroll.sinks.dataset;

import org.jspecify.annotations.NullMarked;
