/** Reads a logical replication slot with PostgreSQL's own output plugin, values in the binary form that COPY has. */
@NullMarked
package io.skyroll.producers.pgoutput;

import org.jspecify.annotations.NullMarked;
