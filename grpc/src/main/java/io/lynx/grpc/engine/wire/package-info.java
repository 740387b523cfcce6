/** What servers and clients of gRPC write and read alike: messages, metadata, time limits. Not part of the API. */
package io.lynx.grpc.engine.wire;
