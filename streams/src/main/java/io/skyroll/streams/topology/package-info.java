/** The stream of a table: from its rows topic to its sky topic and its rejects topic. */
@NullMarked
package io.skyroll.streams.topology;

import org.jspecify.annotations.NullMarked;
