package io.lynx.image;

/**
 * What is printed of a layer.
 *
 * @param name what it contains
 * @param digest the digest of the compressed layer
 * @param size its compressed size in bytes
 * @param unpackedSize its size in bytes as an archive that is not compressed
 */
record LayerSummary(String name, String digest, long size, long unpackedSize) {}
