/** Row schemas, their columns and plans that walk a row's bytes without decoding it. */
@NullMarked
package io.skyroll.schemas.row;

import org.jspecify.annotations.NullMarked;
