package io.skyroll.app.run;

import java.util.OptionalLong;

/**
 * How far a stage is.
 *
 * @param name of the stage
 * @param rows rows that it has taken in
 * @param rate rows per second, while it worked
 * @param lag rows that the stage before has handed on and this one has not taken in; empty when the stage before is in another process
 */
public record StageProgress(String name, long rows, double rate, OptionalLong lag) {}
