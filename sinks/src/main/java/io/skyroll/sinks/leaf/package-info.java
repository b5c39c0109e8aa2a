/** What a leaf file is to the rest of the sinks: sorted rows in groups that can be read, encoded and copied. */
@NullMarked
package io.skyroll.sinks.leaf;

import org.jspecify.annotations.NullMarked;
