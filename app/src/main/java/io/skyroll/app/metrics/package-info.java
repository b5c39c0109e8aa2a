/** Numbers that tools read from a running process, through JMX. */
@NullMarked
package io.skyroll.app.metrics;

import org.jspecify.annotations.NullMarked;
