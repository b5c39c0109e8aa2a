/** What a task has counted since the last control record, in a form that survives restarts. */
@NullMarked
package io.skyroll.streams.tally;

import org.jspecify.annotations.NullMarked;
