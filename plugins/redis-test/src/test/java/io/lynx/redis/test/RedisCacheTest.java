package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.redis.Cache;
import io.lynx.redis.CacheLoadException;
import io.lynx.redis.RedisCaches;
import io.lynx.redis.RedisPlugin;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithRedis
class RedisCacheTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final AtomicInteger loads = new AtomicInteger();
    private LynxTest lynx;
    private LynxTest other;

    record Product(long id, String name) {}

    @BeforeEach
    void startTwoInstances() {
        lynx = TestApplications.start();
        other = TestApplications.start();
    }

    @AfterEach
    void stop() {
        lynx.close();
        other.close();
        Object _ = TestRedis.server().command("FLUSHALL");
    }

    private static RedisCaches caches(LynxTest instance) {
        return instance.resource(RedisPlugin.caches());
    }

    private Product load(long id) {
        return new Product(id, "lamp " + loads.incrementAndGet());
    }

    @Test
    void aCommandThatRedisRefusesIsLoggedOnceAMinute() {
        Cache<Long, Product> cache =
                caches(lynx).cache("refused", Product.class).loadedBy(this::load);

        for (int i = 1; i <= 3; i++) {
            boolean _ = cache.invalidate(7L);
            long _ = lynx.resource(RedisPlugin.key()).lpush("cache:refused:7", "not a value");
            assertThat(cache.get(7L)).contains(new Product(7, "lamp " + i));
        }

        assertThat(lynx.logs().containing("Redis refuses a command of a cache"))
                .singleElement()
                .asString()
                .contains("WRONGTYPE");
    }

    @Test
    void loadsAValueOnceForAllInstances() {
        Cache<Long, Product> one = caches(lynx).cache("products", Product.class).loadedBy(this::load);
        Cache<Long, Product> two =
                caches(other).cache("products", Product.class).loadedBy(this::load);

        assertThat(one.get(7L)).contains(new Product(7, "lamp 1"));
        assertThat(one.get(7L)).contains(new Product(7, "lamp 1"));
        assertThat(two.get(7L)).contains(new Product(7, "lamp 1"));
        assertThat(lynx.metrics().value("lynx_cache_hits_total", "cache_name", "products"))
                .isEqualTo(1);
        assertThat(lynx.metrics().value("lynx_cache_misses_total", "cache_name", "products"))
                .isEqualTo(1);
        assertThat(other.metrics().value("lynx_cache_hits_total", "cache_name", "products"))
                .isEqualTo(1);
    }

    @Test
    void manyCallersOfAKeyLoadItOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Cache<Long, Product> one = caches(lynx).cache("slow", Product.class).loadedBy(id -> {
            boolean _ = release.await(20, TimeUnit.SECONDS);
            return load(id);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Product>>> callers = new ArrayList<>();
            List<Thread> waiting = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 200; i++) {
                callers.add(threads.submit(() -> {
                    waiting.add(Thread.currentThread());
                    return one.get(1L);
                }));
            }
            Await.until(
                    "all callers have missed, and wait",
                    PATIENCE,
                    () -> lynx.metrics()
                                            .find("lynx_cache_misses_total", "cache_name", "slow")
                                            .orElse(0)
                                    >= 200
                            && waiting.stream().allMatch(RedisCacheTest::isWaiting));
            release.countDown();
            for (Future<Optional<Product>> caller : callers) {
                assertThat(caller.get(20, TimeUnit.SECONDS)).contains(new Product(1, "lamp 1"));
            }
        }
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void anotherInstanceWaitsForALoadInProgress() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Cache<Long, Product> one = caches(lynx).cache("shared", Product.class).loadedBy(id -> {
            loading.countDown();
            boolean _ = release.await(20, TimeUnit.SECONDS);
            return load(id);
        });
        Cache<Long, Product> two = caches(other).cache("shared", Product.class).loadedBy(this::load);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Product>> first = threads.submit(() -> one.get(1L));
            assertThat(loading.await(20, TimeUnit.SECONDS)).isTrue();
            Future<Optional<Product>> second = threads.submit(() -> two.get(1L));
            Await.until(
                    "the other instance has missed",
                    PATIENCE,
                    () -> other.metrics()
                                    .find("lynx_cache_misses_total", "cache_name", "shared")
                                    .orElse(0)
                            >= 1);
            release.countDown();

            assertThat(first.get(20, TimeUnit.SECONDS)).isPresent();
            assertThat(second.get(20, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(loads.get()).isBetween(1, 2);
    }

    @Test
    void answersWithAnExpiredValueIfItCannotBeLoaded() {
        AtomicInteger failing = new AtomicInteger();
        Cache<Long, Product> stale = caches(lynx)
                .cache("stale", Product.class)
                .timeToLive(SHORT)
                .staleIfError(Duration.ofHours(1))
                .loadedBy(id -> {
                    if (failing.get() > 0) {
                        throw new IllegalStateException("the source is down");
                    }
                    return load(id);
                });
        assertThat(stale.get(1L)).contains(new Product(1, "lamp 1"));
        failing.set(1);

        Await.until(
                "the value has expired", PATIENCE, () -> stale.getIfPresent(1L).isEmpty());

        assertThat(stale.get(1L)).contains(new Product(1, "lamp 1"));
        assertThat(lynx.metrics().value("lynx_cache_stale_total", "cache_name", "stale", "reason", "error"))
                .isEqualTo(1);
        assertThatThrownBy(() -> stale.get(2L))
                .isInstanceOf(CacheLoadException.class)
                .hasMessageContaining("the source is down")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void storesTheAbsenceOfAValueByChoice() {
        Cache<Long, Product> without =
                caches(lynx).cache("without", Product.class).loadedBy(this::none);
        Cache<Long, Product> with = caches(lynx)
                .cache("with", Product.class)
                .cacheAbsence(Duration.ofMinutes(1))
                .loadedBy(this::none);

        assertThat(without.get(1L)).isEmpty();
        assertThat(without.get(1L)).isEmpty();
        assertThat(loads).hasValue(2);
        assertThat(with.get(1L)).isEmpty();
        assertThat(with.get(1L)).isEmpty();
        assertThat(loads).hasValue(3);
    }

    private @Nullable Product none(long id) {
        int _ = loads.incrementAndGet();
        return null;
    }

    @Test
    void invalidatesAndPuts() {
        Cache<Long, Product> cache = caches(lynx).cache("edited", Product.class).loadedBy(this::load);
        assertThat(cache.get(1L)).contains(new Product(1, "lamp 1"));

        assertThat(cache.invalidate(1L)).isTrue();
        assertThat(cache.get(1L)).contains(new Product(1, "lamp 2"));
        assertThat(cache.put(1L, new Product(1, "chair"))).isTrue();
        assertThat(cache.get(1L)).contains(new Product(1, "chair"));
    }

    @Test
    void aLookupAfterAChangeDoesNotWaitForALoadThatBeganBefore() throws Exception {
        AtomicReference<String> name = new AtomicReference<>("lamp");
        CountDownLatch isRead = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        Cache<Long, Product> cache = caches(lynx)
                .cache("renamed", Product.class)
                .loadedBy(id -> {
                    Product read = new Product(id, name.get());
                    isRead.countDown();
                    boolean _ = mayReturn.await(20, TimeUnit.SECONDS);
                    return read;
                });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Product>> before = threads.submit(() -> cache.get(1L));
            assertThat(isRead.await(20, TimeUnit.SECONDS)).isTrue();
            name.set("chair");
            assertThat(cache.invalidate(1L)).isTrue();

            Future<Optional<Product>> after = threads.submit(() -> cache.get(1L));
            Await.until("the later lookup has missed", () -> misses("renamed") == 2);
            mayReturn.countDown();

            assertThat(before.get(20, TimeUnit.SECONDS)).contains(new Product(1, "lamp"));
            assertThat(after.get(20, TimeUnit.SECONDS)).contains(new Product(1, "chair"));
        }
        assertThat(cache.get(1L)).contains(new Product(1, "chair"));
    }

    @Test
    void aLoadThatOutlastsItsClaimLeavesThatOfAnotherInstance() throws Exception {
        CountDownLatch isLoading = new CountDownLatch(1);
        CountDownLatch mayFail = new CountDownLatch(1);
        CountDownLatch isLoadingAgain = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        Cache<Long, Product> one = caches(lynx)
                .cache("slow", Product.class)
                .loadTimeout(SHORT)
                .loadedBy(id -> {
                    isLoading.countDown();
                    boolean _ = mayFail.await(20, TimeUnit.SECONDS);
                    throw new IllegalStateException("the source is down");
                });
        Cache<Long, Product> two = caches(other).cache("slow", Product.class).loadedBy(id -> {
            isLoadingAgain.countDown();
            boolean _ = mayReturn.await(20, TimeUnit.SECONDS);
            return load(id);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Product>> first = threads.submit(() -> one.get(1L));
            assertThat(isLoading.await(20, TimeUnit.SECONDS)).isTrue();
            Await.until("the claim has ended", PATIENCE, () -> !isClaimed("cache:slow:1"));
            Future<Optional<Product>> second = threads.submit(() -> two.get(1L));
            assertThat(isLoadingAgain.await(20, TimeUnit.SECONDS)).isTrue();

            mayFail.countDown();

            assertThatThrownBy(first::get).hasCauseInstanceOf(CacheLoadException.class);
            assertThat(isClaimed("cache:slow:1")).isTrue();
            mayReturn.countDown();
            assertThat(second.get(20, TimeUnit.SECONDS)).contains(new Product(1, "lamp 1"));
        }
        assertThat(isClaimed("cache:slow:1")).isFalse();
    }

    private boolean isClaimed(String key) {
        return lynx.resource(RedisPlugin.key()).exists(key + ":loading");
    }

    private double misses(String cache) {
        return lynx.metrics().value("lynx_cache_misses_total", "cache_name", cache);
    }

    @Test
    void aValueOfAnotherShapeIsLoadedAgain() {
        Cache<Long, String> before = caches(lynx).cache("shape", String.class).loadedBy(id -> "text");
        Cache<Long, Product> after = caches(other).cache("shape", Product.class).loadedBy(this::load);

        assertThat(before.get(1L)).contains("text");
        assertThat(after.get(1L)).contains(new Product(1, "lamp 1"));
        assertThat(other.metrics().value("lynx_cache_store_errors_total", "cache_name", "shape", "operation", "decode"))
                .isEqualTo(1);
    }

    @Test
    void withoutRedisValuesAreLoadedByABoundedNumberOfLoads() throws Exception {
        Cache<Long, Product> cache = caches(lynx)
                .cache("bounded", Product.class)
                .maxLoads(2, Duration.ZERO)
                .loadedBy(this::slowly);
        RedisServer server = TestRedis.server();
        server.kill();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Product>>> callers = new ArrayList<>();
            for (long i = 0; i < 10; i++) {
                long id = i;
                callers.add(threads.submit(() -> cache.get(id)));
            }
            Await.until(
                    "two loads run, and the others are rejected",
                    PATIENCE,
                    () -> lynx.metrics()
                                    .find("lynx_cache_loads_total", "cache_name", "bounded", "outcome", "rejected")
                                    .orElse(0)
                            == 8);
            release.countDown();
            int loaded = 0;
            for (Future<Optional<Product>> caller : callers) {
                try {
                    assertThat(caller.get(20, TimeUnit.SECONDS)).isPresent();
                    loaded++;
                } catch (ExecutionException rejected) {
                    assertThat(rejected.getCause()).hasCauseInstanceOf(BulkheadFullException.class);
                }
            }
            assertThat(loaded).isEqualTo(2);
        } finally {
            server.start();
        }
    }

    private final CountDownLatch release = new CountDownLatch(1);

    private Product slowly(long id) throws InterruptedException {
        boolean _ = release.await(20, TimeUnit.SECONDS);
        return load(id);
    }

    @Test
    void cacheWithoutALoaderHasWhatWasPut() {
        Cache<Long, Product> one = caches(lynx).cache("products", Product.class).withoutLoader();
        Cache<Long, Product> two =
                caches(other).cache("products", Product.class).withoutLoader();

        assertThat(one.get(7L)).isEmpty();
        assertThat(one.put(7L, new Product(7, "lamp"))).isTrue();
        assertThat(one.get(7L)).contains(new Product(7, "lamp"));
        assertThat(two.getIfPresent(7L)).contains(new Product(7, "lamp"));
        assertThat(two.invalidate(7L)).isTrue();
        assertThat(one.get(7L)).isEmpty();
        assertThat(lynx.metrics().value("lynx_cache_misses_total", "cache_name", "products"))
                .isEqualTo(2);
    }
}
