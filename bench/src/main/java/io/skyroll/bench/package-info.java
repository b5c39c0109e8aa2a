/** Measures the pipeline end to end; see README.md of this module. */
@NullMarked
package io.skyroll.bench;

import org.jspecify.annotations.NullMarked;
