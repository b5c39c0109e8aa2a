/** The publishing protocol: a chain of objects that are created if absent. */
@NullMarked
package io.skyroll.sinks.publish;

import org.jspecify.annotations.NullMarked;
