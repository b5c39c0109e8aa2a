package io.skyroll.sinks.verify;

/**
 * Something that is wrong.
 *
 * @param kind what was checked
 * @param file where, relative to what is verified
 * @param message what was expected and what was found, with the row, row group or cell
 */
public record Finding(Kind kind, String file, String message) {}
