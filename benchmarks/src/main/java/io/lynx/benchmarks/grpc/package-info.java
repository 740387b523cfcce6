/** The gRPC server beside that of grpc-java. */
@NullMarked
package io.lynx.benchmarks.grpc;

import org.jspecify.annotations.NullMarked;
