/** Data that the demo loads. */
@NullMarked
package io.skyroll.app.demo;

import org.jspecify.annotations.NullMarked;
