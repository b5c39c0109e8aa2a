/** The sky topic's keys and its division of the sky among topic partitions. */
@NullMarked
package io.skyroll.schemas.sky;

import org.jspecify.annotations.NullMarked;
