"""Calls that go on until SIGTERM: load_client.py PORT PORT. Prints which servers answer, and at the end what became of the calls."""
import signal
import sys
import threading
import time

import grpc

stopped = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopped.set())

channel = grpc.insecure_channel(
    "ipv4:" + ",".join("127.0.0.1:" + port for port in sys.argv[1:]),
    options=[
        # It would be the list of addresses, which is not an authority.
        ("grpc.default_authority", "localhost"),
        ("grpc.lb_policy_name", "round_robin"),
        ("grpc.initial_reconnect_backoff_ms", 100),
        # It is the time to connect, too: less is not enough on a busy machine.
        ("grpc.min_reconnect_backoff_ms", 10000),
        ("grpc.max_reconnect_backoff_ms", 300)])
work = channel.unary_unary("/test.v1.Work/Work")
ticks = channel.unary_stream("/test.v1.Work/Ticks")

lock = threading.Lock()
servers = set()
counts = {"unary": 0, "streams": 0, "ended": 0, "failed": 0}


def count(what):
    with lock:
        counts[what] += 1


def failed(what, error):
    count("failed")
    print("FAILED %s: %s %s" % (what, error.code(), error.details()), flush=True)
    time.sleep(0.2)


def served(name):
    with lock:
        if name not in servers:
            servers.add(name)
            print("served " + name.decode(), flush=True)


def unary():
    while not stopped.is_set():
        try:
            served(work(b"20", timeout=30))
            count("unary")
        except grpc.RpcError as error:
            failed("unary", error)


def stream():
    while not stopped.is_set():
        try:
            if len(list(ticks(b"5 20", timeout=30))) != 5:
                raise AssertionError("a stream was cut")
            count("streams")
        except grpc.RpcError as error:
            failed("stream", error)


def endless():
    while not stopped.is_set():
        call = ticks(b"0 50")
        try:
            for _ in call:
                if stopped.is_set():
                    call.cancel()
                    return
        except grpc.RpcError as error:
            if stopped.is_set():
                return
            if error.code() == grpc.StatusCode.UNAVAILABLE:
                count("ended")
            else:
                failed("endless stream", error)


threads = [threading.Thread(target=each) for each in [unary] * 4 + [stream] * 2 + [endless] * 2]
for thread in threads:
    thread.start()
while not stopped.is_set():
    time.sleep(0.1)
for thread in threads:
    thread.join(60)
print("done " + " ".join("%s=%d" % each for each in counts.items()), flush=True)
channel.close()
