"""The service of gRPC's interoperability tests on Python's server: interop_server.py DESCRIPTORS. Prints its port."""
import sys
import time
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

pool = descriptor_pool.DescriptorPool()
files = descriptor_pb2.FileDescriptorSet()
with open(sys.argv[1], "rb") as descriptors:
    files.ParseFromString(descriptors.read())
for file in files.file:
    pool.Add(file)
factory = message_factory.MessageFactory(pool)
CODES = {code.value[0]: code for code in grpc.StatusCode}


def message(name):
    return factory.GetPrototype(pool.FindMessageTypeByName("grpc.testing." + name))


Empty = message("Empty")
SimpleRequest = message("SimpleRequest")
SimpleResponse = message("SimpleResponse")
StreamingInputCallRequest = message("StreamingInputCallRequest")
StreamingInputCallResponse = message("StreamingInputCallResponse")
StreamingOutputCallRequest = message("StreamingOutputCallRequest")
StreamingOutputCallResponse = message("StreamingOutputCallResponse")


def echo(context):
    for key, value in context.invocation_metadata():
        if key == "x-grpc-test-echo-initial":
            context.send_initial_metadata(((key, value),))
        elif key == "x-grpc-test-echo-trailing-bin":
            context.set_trailing_metadata(((key, value),))


def check(request, context):
    if request.HasField("response_status") and request.response_status.code:
        context.abort(CODES[request.response_status.code], request.response_status.message)


def empty_call(request, context):
    echo(context)
    return Empty()


def unary_call(request, context):
    echo(context)
    check(request, context)
    if request.response_compressed.value:
        context.set_compression(grpc.Compression.Gzip)
    return SimpleResponse(payload={"body": bytes(request.response_size)})


def outputs(request):
    for parameters in request.response_parameters:
        time.sleep(parameters.interval_us / 1e6)
        yield StreamingOutputCallResponse(payload={"body": bytes(parameters.size)})


def streaming_output_call(request, context):
    echo(context)
    if any(parameters.compressed.value for parameters in request.response_parameters):
        context.set_compression(grpc.Compression.Gzip)
    yield from outputs(request)


def streaming_input_call(requests, context):
    echo(context)
    size = sum(len(request.payload.body) for request in requests)
    return StreamingInputCallResponse(aggregated_payload_size=size)


def full_duplex_call(requests, context):
    echo(context)
    for request in requests:
        check(request, context)
        yield from outputs(request)


def handler(kind, function, request, response):
    return getattr(grpc, kind + "_rpc_method_handler")(
        function, request_deserializer=request.FromString, response_serializer=response.SerializeToString)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=32))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("grpc.testing.TestService", {
    "EmptyCall": handler("unary_unary", empty_call, Empty, Empty),
    "UnaryCall": handler("unary_unary", unary_call, SimpleRequest, SimpleResponse),
    "StreamingOutputCall": handler(
        "unary_stream", streaming_output_call, StreamingOutputCallRequest, StreamingOutputCallResponse),
    "StreamingInputCall": handler(
        "stream_unary", streaming_input_call, StreamingInputCallRequest, StreamingInputCallResponse),
    "FullDuplexCall": handler(
        "stream_stream", full_duplex_call, StreamingOutputCallRequest, StreamingOutputCallResponse),
}),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print("port %d" % port, flush=True)
server.wait_for_termination()
