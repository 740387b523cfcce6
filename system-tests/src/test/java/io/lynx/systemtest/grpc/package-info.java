/** gRPC with the clients and servers of others. */
@NullMarked
package io.lynx.systemtest.grpc;

import org.jspecify.annotations.NullMarked;
