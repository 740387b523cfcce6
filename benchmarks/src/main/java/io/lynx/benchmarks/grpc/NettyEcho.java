package io.lynx.benchmarks.grpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The echo on grpc-java's server with Netty, whose calls run on virtual threads. It takes the port. */
public final class NettyEcho {
    private NettyEcho() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(address).executor(Executors.newVirtualThreadPerTaskExecutor());
        EchoServices.all().forEach(builder::addService);
        Server server = builder.build().start();
        System.out.println("grpc-java ready");
        server.awaitTermination();
    }
}
