/** Control records: cuts and resets. */
@NullMarked
package io.skyroll.schemas.control;

import org.jspecify.annotations.NullMarked;
