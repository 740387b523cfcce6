package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.extension.ResourceKey;
import io.lynx.jdbc.FencedWrites;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.StaleTokenException;
import io.lynx.leadership.FencingToken;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A service whose leader writes its token into the table {@code written}, again and again, until the database refuses it: it does not look
 * whether it is still the leader. The line {@code hold} on its standard input begins a protected write that lasts until the next line, if
 * it is the leader.
 */
public final class LeaderService implements Plugin {
    private static final ResourceKey<FencedWrites> WRITES = JdbcPlugin.fencedWrites();
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final AtomicReference<@Nullable FencingToken> present = new AtomicReference<>();

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(args, app -> app.plugin(new LeaderService()));
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("writer").requires("jdbc").uses("redis").build();
    }

    @Override
    public void start(PluginContext context) {
        FencedWrites writes = context.resource(WRITES);
        Thread.ofPlatform().daemon().name("input").start(() -> read(writes));
        var _ = context.leadership("writer")
                .onGained(token -> {
                    present.set(token);
                    print("gained", token);
                    context.threads().newThread(() -> write(writes, token)).start();
                })
                .onLost(token -> print("lost", token));
    }

    private static void write(FencedWrites writes, FencingToken token) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                int _ = writes.in(token, connection -> insert(connection, "loop", token));
            } catch (StaleTokenException refused) {
                print("refused", token);
                return;
            } catch (SQLException failure) {
                System.out.println("not written: " + failure);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void read(FencedWrites writes) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try {
            while (lines.readLine() != null) {
                FencingToken token = present.get();
                if (token == null) {
                    System.out.println("not held: it was never the leader");
                } else {
                    hold(writes, token, lines);
                }
            }
        } catch (IOException end) {
            System.out.println("no input: " + end);
        }
    }

    private static void hold(FencedWrites writes, FencingToken token, BufferedReader lines) {
        try {
            int _ = writes.in(token, connection -> {
                print("holding", token);
                try {
                    String _ = lines.readLine();
                } catch (IOException end) {
                    throw new SQLException(end);
                }
                return insert(connection, "held", token);
            });
            print("held write committed", token);
        } catch (SQLException failure) {
            System.out.println("not held: " + failure);
        }
    }

    private static int insert(Connection connection, String kind, FencingToken token) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO written (kind, token) VALUES (?, ?)")) {
            statement.setString(1, kind);
            statement.setLong(2, token.value());
            return statement.executeUpdate();
        }
    }

    private static void print(String what, FencingToken token) {
        System.out.println(what + " " + token.value());
    }
}
