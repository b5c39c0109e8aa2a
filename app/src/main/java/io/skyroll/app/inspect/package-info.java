/** Describes a published catalog. */
@NullMarked
package io.skyroll.app.inspect;

import org.jspecify.annotations.NullMarked;
