/** gRPC: the server plugin, its services and its errors. */
@NullMarked
package io.lynx.grpc;

import org.jspecify.annotations.NullMarked;
