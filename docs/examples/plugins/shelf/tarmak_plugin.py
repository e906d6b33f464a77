"""The part every Tarmak plugin in Python shares: where to listen, who may call, health, and the end.

A plugin is a gRPC server. The engine starts it and writes one line of JSON to its standard input: the Unix socket to
listen at, and the token that every call carries. Standard input stays open as long as the engine lives; at its end the
plugin goes, however the engine ended.
"""

import argparse
import hmac
import json
import os
import pathlib
import sys
import threading
from concurrent import futures

import grpc

import health_pb2  # generated; see install
import health_pb2_grpc
from tarmak.plugin.v1 import plugin_pb2, plugin_pb2_grpc

MESSAGE_BYTES = 16 * 1024 * 1024
WORKERS = 16


class Refused(Exception):
    """The call has no effect, and this is why. The message goes to the owner, so it never holds a secret."""

    def __init__(self, error_class, message):
        super().__init__(message)
        self.refusal = plugin_pb2.Refusal(error_class="ERROR_CLASS_" + error_class, message=message)


def refusing(response):
    """Makes of Refused an answer with a refusal."""

    def decorate(method):
        def answer(self, request, context):
            try:
                return method(self, request, context)
            except Refused as refused:
                return response(refusal=refused.refusal)
            except OSError as fault:  # its text names a file, nothing more
                return response(refusal=Refused("TRANSIENT", f"{method.__name__}: {fault.strerror}: {fault.filename}").refusal)

        return answer

    return decorate


class PluginBase(plugin_pb2_grpc.PluginServicer):
    """Says what the plugin is. The sheet is the one in plugin.json, so the two never differ."""

    type = None
    version = "1"

    def __init__(self, folder):
        self.sheet = json.dumps(json.loads((folder / "plugin.json").read_text())["sheet"])

    def Handshake(self, request, context):
        # One version is spoken here; whether it will do is the engine's to say.
        return plugin_pb2.HandshakeResponse(protocol_version=1, type=self.type, version=self.version, sheet=self.sheet)


class Health(health_pb2_grpc.HealthServicer):
    def Check(self, request, context):
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)


class TokenCheck(grpc.ServerInterceptor):
    """Lets in only who knows the token: another process of the same user does not."""

    def __init__(self, token):
        self._token = token.encode()
        self._refusal = grpc.unary_unary_rpc_method_handler(
            lambda request, context: context.abort(grpc.StatusCode.UNAUTHENTICATED, "The token is missing or wrong.")
        )

    def intercept_service(self, continuation, details):
        shown = dict(details.invocation_metadata).get("tarmak-token", "")
        return continuation(details) if hmac.compare_digest(shown.encode(), self._token) else self._refusal


def serve(add_services):
    """Listens where the engine says, or, with --listen, at an address over mutual TLS, until the engine is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", help="HOST:PORT to listen at over mutual TLS, for an engine elsewhere")
    parser.add_argument("--authority", type=pathlib.Path, help="PEM file of the authority of engines that may call")
    parser.add_argument("--certificate", type=pathlib.Path, help="PEM file of this plugin's certificate")
    parser.add_argument("--key", type=pathlib.Path, help="PEM file of the certificate's key")
    parser.add_argument("--data", type=pathlib.Path, help="folder for accounts whose engine is elsewhere")
    arguments = parser.parse_args()
    greeting = None if arguments.listen else json.loads(sys.stdin.readline())
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=WORKERS),
        interceptors=[] if greeting is None else [TokenCheck(greeting["token"])],
        options=[("grpc.max_receive_message_length", MESSAGE_BYTES), ("grpc.max_send_message_length", MESSAGE_BYTES)],
    )
    add_services(server, arguments.data)
    health_pb2_grpc.add_HealthServicer_to_server(Health(), server)
    if greeting is None:
        credentials = grpc.ssl_server_credentials(
            [(arguments.key.read_bytes(), arguments.certificate.read_bytes())], arguments.authority.read_bytes(), require_client_auth=True
        )
        if server.add_secure_port(arguments.listen, credentials) == 0:
            sys.exit(f"{arguments.listen} cannot be listened at.")
    else:
        server.add_insecure_port("unix:" + greeting["socket"])
    server.start()
    if greeting is None:
        server.wait_for_termination()
        return
    gone = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), gone.set()), daemon=True).start()
    gone.wait()
    server.stop(grace=1).wait()
    # An engine that was killed cannot clear up.
    socket = pathlib.Path(greeting["socket"])
    socket.unlink(missing_ok=True)
    try:
        socket.parent.rmdir()
    except OSError:
        pass
    os._exit(0)
