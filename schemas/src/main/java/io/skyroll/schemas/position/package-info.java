/** Places in a source's history, in one total order. */
@NullMarked
package io.skyroll.schemas.position;

import org.jspecify.annotations.NullMarked;
