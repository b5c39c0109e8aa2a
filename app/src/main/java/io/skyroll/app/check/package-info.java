/** What can be said about a pipeline file without connecting to anything. */
@NullMarked
package io.skyroll.app.check;

import org.jspecify.annotations.NullMarked;
