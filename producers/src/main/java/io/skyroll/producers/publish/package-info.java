/** Writing rows, control records and progress to Kafka, in transactions. */
@NullMarked
package io.skyroll.producers.publish;

import org.jspecify.annotations.NullMarked;
