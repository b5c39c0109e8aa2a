/** How a pipeline stands, whether it runs or not. */
@NullMarked
package io.skyroll.app.status;

import org.jspecify.annotations.NullMarked;
