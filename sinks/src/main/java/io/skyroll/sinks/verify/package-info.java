/** Proves that a published catalog keeps its contract: what HATS readers rely on, and what Skyroll's own chain says. Nothing here writes. */
@NullMarked
package io.skyroll.sinks.verify;

import org.jspecify.annotations.NullMarked;
