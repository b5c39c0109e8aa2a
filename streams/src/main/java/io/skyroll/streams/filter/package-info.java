/** Filters: SQL predicates with PostgreSQL's semantics, evaluated on a row's Avro bytes. */
@NullMarked
package io.skyroll.streams.filter;

import org.jspecify.annotations.NullMarked;
