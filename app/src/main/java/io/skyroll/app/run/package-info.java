/** Stages wired together and run in one process. */
@NullMarked
package io.skyroll.app.run;

import org.jspecify.annotations.NullMarked;
