package io.lynx.benchmarks.event;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The local event bus of Vert.x, with a codec that passes the object on. */
final class VertxCarrier implements Carrier {
    private static final String ADDRESS = "parcel";
    private static final DeliveryOptions LOCAL =
            new DeliveryOptions().setCodecName("parcel").setLocalOnly(true);

    private final Vertx vertx = Vertx.vertx();
    private final EventBus bus = vertx.eventBus();

    VertxCarrier(Consumer<Parcel> consumer) throws Exception {
        bus.registerCodec(new Codec());
        bus.<Parcel>localConsumer(ADDRESS, message -> consumer.accept(message.body()))
                .completion()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Override
    public void publish(Parcel parcel) {
        bus.publish(ADDRESS, parcel, LOCAL);
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static final class Codec implements MessageCodec<Parcel, Parcel> {
        @Override
        public void encodeToWire(Buffer buffer, Parcel parcel) {
            throw new UnsupportedOperationException("local only");
        }

        @Override
        public Parcel decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("local only");
        }

        @Override
        public Parcel transform(Parcel parcel) {
            return parcel;
        }

        @Override
        public String name() {
            return ADDRESS;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
