package io.skyroll.streams.row;

/**
 * The columns that say where a row is on the sky.
 *
 * @param ra name of the column of right ascension, in degrees
 * @param dec name of the column of declination, in degrees
 */
public record SkyColumns(String ra, String dec) {}
