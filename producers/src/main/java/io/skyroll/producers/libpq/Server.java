package io.skyroll.producers.libpq;

/**
 * One of the servers to try. Immutable.
 *
 * @param host its name, under which its certificate and its password are looked up
 * @param address where it is connected to: {@code hostaddr} where that is given, the name where not
 * @param port its TCP port, 1 to 65535
 * @param password the user's password on it
 */
public record Server(String host, String address, int port, Password password) {}
