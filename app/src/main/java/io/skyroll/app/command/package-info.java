/** The command line's commands. */
@NullMarked
package io.skyroll.app.command;

import org.jspecify.annotations.NullMarked;
