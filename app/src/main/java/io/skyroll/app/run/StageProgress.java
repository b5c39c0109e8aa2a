package io.skyroll.app.run;

/**
 * How far a stage is.
 *
 * @param name of the stage
 * @param rows rows that it has taken in
 * @param rate rows per second, while it worked
 * @param lag rows that the stage before has handed on and this one has not taken in
 */
public record StageProgress(String name, long rows, double rate, long lag) {}
