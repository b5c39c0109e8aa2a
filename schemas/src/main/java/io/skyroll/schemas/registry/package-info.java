/** Access to a schema registry with the Confluent API. */
@NullMarked
package io.skyroll.schemas.registry;

import org.jspecify.annotations.NullMarked;
