package io.lynx.examples.orders;

/** A fault of the database that was switched on. */
enum DatabaseFault {
    /** No fault. */
    UP,
    /** Getting a connection takes two seconds longer. */
    SLOW,
    /** No connection can be opened. */
    DOWN
}
