package io.lynx.examples.inventory;

/**
 * The stock of one item, as it is answered.
 *
 * @param item the name of the item
 * @param available pieces in stock; 0 for an item that the inventory does not have
 */
record Stock(String item, int available) {}
