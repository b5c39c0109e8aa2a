/** Names, headers and settings of Skyroll's Kafka topics. */
@NullMarked
package io.skyroll.schemas.topic;

import org.jspecify.annotations.NullMarked;
