/** What a run would do, found out without writing anything. */
@NullMarked
package io.skyroll.app.plan;

import org.jspecify.annotations.NullMarked;
