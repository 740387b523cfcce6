package io.lynx.benchmarks.grpc;

import io.grpc.BindableService;
import io.lynx.app.Lynx;
import io.lynx.grpc.GrpcServer;

/** The echo on Lynx, with the metrics, the context and the limits that every server has. */
public final class LynxEcho {
    private LynxEcho() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(args, app -> app.plugin(GrpcServer.with(EchoServices.all().toArray(BindableService[]::new))));
    }
}
