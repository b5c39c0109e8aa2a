/** Avro binary at byte level, in the Confluent wire format: single rows and batches. */
@NullMarked
package io.skyroll.schemas.wire;

import org.jspecify.annotations.NullMarked;
