/** Clients of gRPC services: channels for grpc-java's stubs. The module {@code lynx-http} must be present. */
package io.lynx.grpc.client;
