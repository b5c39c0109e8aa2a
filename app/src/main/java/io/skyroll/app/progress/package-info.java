/** What a run shows while it works. */
@NullMarked
package io.skyroll.app.progress;

import org.jspecify.annotations.NullMarked;
