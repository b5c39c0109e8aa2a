/** Pictures of the sky. */
@NullMarked
package io.skyroll.app.sky;

import org.jspecify.annotations.NullMarked;
