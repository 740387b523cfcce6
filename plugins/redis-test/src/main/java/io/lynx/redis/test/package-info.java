/**
 * Redis for tests: {@link io.lynx.redis.test.WithRedis} gives a test class a prefix of keys of its own on a server that the tests of a JVM
 * share.
 */
@NullMarked
package io.lynx.redis.test;

import org.jspecify.annotations.NullMarked;
