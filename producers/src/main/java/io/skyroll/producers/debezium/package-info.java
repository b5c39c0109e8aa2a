/** Reads a logical replication slot with Debezium's embedded engine and its connector for PostgreSQL. */
@NullMarked
package io.skyroll.producers.debezium;

import org.jspecify.annotations.NullMarked;
