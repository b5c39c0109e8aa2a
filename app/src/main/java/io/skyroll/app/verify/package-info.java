/** Compares a published catalog with the database that it was made from, and tells what a verification found. */
@NullMarked
package io.skyroll.app.verify;

import org.jspecify.annotations.NullMarked;
