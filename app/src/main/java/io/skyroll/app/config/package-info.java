/** The pipeline file: everything that its text can be wrong about is found here. */
@NullMarked
package io.skyroll.app.config;

import org.jspecify.annotations.NullMarked;
