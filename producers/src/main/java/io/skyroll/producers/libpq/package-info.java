/**
 * PostgreSQL connection settings as libpq resolves them: explicit parameters, service files, environment variables, password files. pgjdbc
 * has rules of its own for all of these, so everything is resolved here and handed to it explicitly.
 */
@NullMarked
package io.skyroll.producers.libpq;

import org.jspecify.annotations.NullMarked;
