/**
 * Redis. {@link io.lynx.redis.RedisPlugin} shares a client of Jedis for each section {@code lynx.redis.<name>}, whose connections are
 * pooled, measured, limited in time and guarded by a circuit breaker, and on top of it {@linkplain io.lynx.redis.RedisCaches caches},
 * {@linkplain io.lynx.redis.RedisLocks locks} and {@linkplain io.lynx.redis.RedisChannels channels}.
 */
@NullMarked
package io.lynx.redis;

import org.jspecify.annotations.NullMarked;
