package io.lynx.examples.orders;

/** What is wrong with the database, on purpose. */
enum DatabaseFault {
    /** Nothing. */
    UP,
    /** Each connection takes two seconds longer to get. */
    SLOW,
    /** No connection can be had. */
    DOWN
}
