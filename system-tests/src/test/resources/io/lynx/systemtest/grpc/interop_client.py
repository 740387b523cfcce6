"""The cases of gRPC's interoperability tests by Python's client: interop_client.py PORT DESCRIPTORS. Prints a line for each."""
import sys
import threading

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

LARGE_REQUEST, LARGE_RESPONSE = 271828, 314159
REQUEST_SIZES, RESPONSE_SIZES = [27182, 8, 1828, 45904], [31415, 9, 2653, 58979]
SERVICE = "/grpc.testing.TestService/"
TIMEOUT = 60

pool = descriptor_pool.DescriptorPool()
files = descriptor_pb2.FileDescriptorSet()
with open(sys.argv[2], "rb") as descriptors:
    files.ParseFromString(descriptors.read())
for file in files.file:
    pool.Add(file)
factory = message_factory.MessageFactory(pool)


def message(name):
    return factory.GetPrototype(pool.FindMessageTypeByName("grpc.testing." + name))


Empty = message("Empty")
SimpleRequest = message("SimpleRequest")
SimpleResponse = message("SimpleResponse")
StreamingInputCallRequest = message("StreamingInputCallRequest")
StreamingInputCallResponse = message("StreamingInputCallResponse")
StreamingOutputCallRequest = message("StreamingOutputCallRequest")
StreamingOutputCallResponse = message("StreamingOutputCallResponse")

channel = grpc.insecure_channel("127.0.0.1:" + sys.argv[1])


def unary(name, request, response, path=SERVICE):
    return channel.unary_unary(
        path + name, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


unary_call = unary("UnaryCall", SimpleRequest, SimpleResponse)
input_call = channel.stream_unary(
    SERVICE + "StreamingInputCall",
    request_serializer=StreamingInputCallRequest.SerializeToString,
    response_deserializer=StreamingInputCallResponse.FromString)
output_call = channel.unary_stream(
    SERVICE + "StreamingOutputCall",
    request_serializer=StreamingOutputCallRequest.SerializeToString,
    response_deserializer=StreamingOutputCallResponse.FromString)
duplex_call = channel.stream_stream(
    SERVICE + "FullDuplexCall",
    request_serializer=StreamingOutputCallRequest.SerializeToString,
    response_deserializer=StreamingOutputCallResponse.FromString)


def large(**more):
    return SimpleRequest(response_size=LARGE_RESPONSE, payload={"body": bytes(LARGE_REQUEST)}, **more)


def output(size, *sizes, **parameters):
    return StreamingOutputCallRequest(
        payload={"body": bytes(size)},
        response_parameters=[dict(size=each, **parameters) for each in sizes])


def equal(actual, expected):
    if actual != expected:
        raise AssertionError("%r instead of %r" % (actual, expected))


def status_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call succeeded")


def fails(call, code):
    equal(status_of(call).code(), code)


def empty_unary():
    equal(unary("EmptyCall", Empty, Empty)(Empty(), timeout=TIMEOUT), Empty())


def large_unary():
    equal(len(unary_call(large(), timeout=TIMEOUT).payload.body), LARGE_RESPONSE)


def client_compressed_unary():
    request = large(expect_compressed={"value": True})
    answer = unary_call(request, timeout=TIMEOUT, compression=grpc.Compression.Gzip)
    equal(len(answer.payload.body), LARGE_RESPONSE)


def server_compressed_unary():
    for compressed in True, False:
        answer = unary_call(large(response_compressed={"value": compressed}), timeout=TIMEOUT)
        equal(len(answer.payload.body), LARGE_RESPONSE)


def client_streaming():
    requests = (StreamingInputCallRequest(payload={"body": bytes(size)}) for size in REQUEST_SIZES)
    equal(input_call(requests, timeout=TIMEOUT).aggregated_payload_size, 74922)


def client_compressed_streaming():
    requests = (StreamingInputCallRequest(payload={"body": bytes(size)}) for size in REQUEST_SIZES)
    answer = input_call(requests, timeout=TIMEOUT, compression=grpc.Compression.Gzip)
    equal(answer.aggregated_payload_size, 74922)


def server_streaming():
    answers = output_call(output(0, *RESPONSE_SIZES), timeout=TIMEOUT)
    equal([len(answer.payload.body) for answer in answers], RESPONSE_SIZES)


def server_compressed_streaming():
    answers = output_call(output(0, 31415, 92653, compressed={"value": True}), timeout=TIMEOUT)
    equal([len(answer.payload.body) for answer in answers], [31415, 92653])


def ping_pong():
    turn = threading.Semaphore(1)
    received = []

    def requests():
        for size, answer in zip(REQUEST_SIZES, RESPONSE_SIZES):
            turn.acquire()
            yield output(size, answer)

    for answer in duplex_call(requests(), timeout=TIMEOUT):
        received.append(len(answer.payload.body))
        turn.release()
    equal(received, RESPONSE_SIZES)


def empty_stream():
    equal(list(duplex_call(iter(()), timeout=TIMEOUT)), [])


def custom_metadata():
    metadata = (
        ("x-grpc-test-echo-initial", "test_initial_metadata_value"),
        ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))
    _, call = unary_call.with_call(large(), timeout=TIMEOUT, metadata=metadata)
    stream = duplex_call(iter([output(LARGE_REQUEST, LARGE_RESPONSE)]), timeout=TIMEOUT, metadata=metadata)
    equal(len(list(stream)), 1)
    for each in call, stream:
        equal(dict(each.initial_metadata())["x-grpc-test-echo-initial"], "test_initial_metadata_value")
        equal(dict(each.trailing_metadata())["x-grpc-test-echo-trailing-bin"], b"\xab\xab\xab")


def status_code_and_message():
    echo = {"code": 2, "message": "test status message"}
    unary_error = status_of(lambda: unary_call(SimpleRequest(response_status=echo), timeout=TIMEOUT))
    stream_error = status_of(
        lambda: list(duplex_call(iter([StreamingOutputCallRequest(response_status=echo)]), timeout=TIMEOUT)))
    for error in unary_error, stream_error:
        equal(error.code(), grpc.StatusCode.UNKNOWN)
        equal(error.details(), "test status message")


def special_status_message():
    text = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
    error = status_of(lambda: unary_call(SimpleRequest(response_status={"code": 2, "message": text}), timeout=TIMEOUT))
    equal(error.details(), text)


def unimplemented_method():
    call = unary("UnimplementedCall", Empty, Empty)
    fails(lambda: call(Empty(), timeout=TIMEOUT), grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service():
    call = unary("UnimplementedCall", Empty, Empty, "/grpc.testing.UnimplementedService/")
    fails(lambda: call(Empty(), timeout=TIMEOUT), grpc.StatusCode.UNIMPLEMENTED)


def cancel_after_begin():
    never = threading.Event()

    def requests():
        never.wait(TIMEOUT)
        yield from ()

    call = input_call.future(requests(), timeout=TIMEOUT)
    call.cancel()
    never.set()
    equal(call.cancelled(), True)
    equal(call.code(), grpc.StatusCode.CANCELLED)


def cancel_after_first_response():
    never = threading.Event()

    def requests():
        yield output(27182, 31415)
        never.wait(TIMEOUT)

    call = duplex_call(requests(), timeout=TIMEOUT)
    equal(len(next(call).payload.body), 31415)
    call.cancel()
    never.set()
    equal(call.code(), grpc.StatusCode.CANCELLED)


def timeout_on_sleeping_server():
    requests = [output(27182, 31415, interval_us=5000000)]
    fails(lambda: list(duplex_call(iter(requests), timeout=0.05)), grpc.StatusCode.DEADLINE_EXCEEDED)


CASES = [
    empty_unary, large_unary, client_compressed_unary, server_compressed_unary, client_streaming,
    client_compressed_streaming, server_streaming, server_compressed_streaming, ping_pong, empty_stream, custom_metadata,
    status_code_and_message, special_status_message, unimplemented_method, unimplemented_service, cancel_after_begin,
    cancel_after_first_response, timeout_on_sleeping_server]
for case in CASES:
    try:
        case()
        print("ok " + case.__name__, flush=True)
    except Exception as failure:
        print("FAILED %s: %r" % (case.__name__, failure), flush=True)
channel.close()
