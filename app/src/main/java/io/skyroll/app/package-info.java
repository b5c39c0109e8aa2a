/** The program: command line, configuration, wiring and display. */
@NullMarked
package io.skyroll.app;

import org.jspecify.annotations.NullMarked;
