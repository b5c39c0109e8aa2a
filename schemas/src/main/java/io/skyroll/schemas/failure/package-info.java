/** Failures by who must act on them. */
@NullMarked
package io.skyroll.schemas.failure;

import org.jspecify.annotations.NullMarked;
