/** What the build knows of itself. */
@NullMarked
package io.skyroll.app.build;

import org.jspecify.annotations.NullMarked;
