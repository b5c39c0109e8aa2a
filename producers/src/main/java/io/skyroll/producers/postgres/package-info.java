/** PostgreSQL as a source: sessions, the catalog, and the binary form of rows. */
@NullMarked
package io.skyroll.producers.postgres;

import org.jspecify.annotations.NullMarked;
