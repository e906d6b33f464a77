"""A plugin that does wrong what can be done wrong: at its start as the file "mode" says, in a call as the name it is about says."""

import json
import os
import pathlib
import signal
import socket
import sys
import threading

sys.path.insert(0, "../shelf")

import grpc  # noqa: E402

import tarmak_plugin  # noqa: E402
from tarmak_plugin import plugin_pb2 as pb, plugin_pb2_grpc as rpc  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
MODE = (HERE / "mode").read_text().strip()
NEVER = threading.Event()


def anyway(name, context):
    """What can go wrong in any call."""
    if name == "hang":
        NEVER.wait()
    elif name == "freeze":
        os.kill(os.getpid(), signal.SIGSTOP)
        NEVER.wait()
    elif name == "die":
        os._exit(7)
    elif name == "unimplemented":
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "planted-secret")
    elif name == "abort":
        context.abort(grpc.StatusCode.INTERNAL, "planted-secret")


class Plugin(tarmak_plugin.PluginBase):
    type = HERE.name

    def Handshake(self, request, context):
        anyway(MODE, context)
        said = super().Handshake(request, context)
        if MODE == "wrong-version":
            said.protocol_version = 9
        elif MODE == "wrong-type":
            said.type = "vault\x1b[31m"
        elif MODE == "other-sheet":
            said.sheet = said.sheet.replace('"holdsData": true', '"holdsData": false')
        elif MODE == "no-sheet":
            said.sheet = "{"
        return said

    def Verify(self, request, context):
        return pb.VerifyResponse(findings=[pb.Finding(requirement="folder", state="REQUIREMENT_STATE_MET", sentence="a\x1b[2Jb"), pb.Finding(requirement="nobody asked")])

    def ListOwned(self, request, context):
        marks = pb.Marks(installation="another", environment="dev", uid="u", owner="dev#bucket/a")
        return pb.ListOwnedResponse(objects=[pb.ListOwnedResponse.Owned(marks=marks, kind="bucket", object_id="b", running=True)])


class SecretStore(rpc.SecretStoreServicer):
    def CreateIfAbsent(self, request, context):
        text = request.value.decode()
        if request.name == "raise":
            raise ValueError(text)
        if request.name == "tell":
            print(text, file=sys.stderr, flush=True)
            return pb.SecretResponse(refusal=pb.Refusal(error_class="ERROR_CLASS_CONFLICT", message=f"{text} is not good enough."))
        return pb.SecretResponse()

    def List(self, request, context):
        if request.prefix == "endless/":
            first = int(request.page_token or "0")
            return pb.NamesResponse(names=[f"endless/{n:09}" for n in range(first, first + 100)], next_page_token=str(first + 100))
        if request.prefix == "circle/":
            return pb.NamesResponse(next_page_token="again")
        names = {"unordered/": ["unordered/b", "unordered/a"], "doubled/": ["doubled/a", "doubled/a"], "foreign/": ["other/a"], "a/": ["a/1", "a/2"]}
        return pb.NamesResponse(names=names[request.prefix])


def get_secret(request, context):
    anyway(request.name, context)
    if request.name == "large":
        return pb.SecretResponse(secret=pb.Secret(value=bytes(15 << 20), version=1)).SerializeToString()
    if request.name == "no-message":
        return b"\xff\xff\xff"
    if request.name == "no-version":
        return pb.SecretResponse(secret=pb.Secret(value=b"x")).SerializeToString()
    if request.name == "no-class":
        return pb.SecretResponse(refusal=pb.Refusal(message="No.")).SerializeToString()
    if request.name == "terminal-escapes":
        return pb.SecretResponse(refusal=pb.Refusal(error_class="ERROR_CLASS_CONFLICT", message="a\x1b[31m\n\u202eb" + "x" * 5000)).SerializeToString()
    return pb.SecretResponse(secret=pb.Secret(value=b"good", version=1)).SerializeToString()


class Resources(rpc.ResourcesServicer):
    def Ensure(self, request, context):
        anyway(request.name, context)
        seen = pb.Observation(exists=True, object_id=request.name, in_sync=True, outputs='{"bucketId":"b"}')
        if request.name == "no-outcome":
            return pb.StepResponse()
        if request.name == "no-json":
            seen.outputs = "{"
        elif request.name == "other-outputs":
            seen.outputs = '{"volumeId":"b"}'
        elif request.name == "escape-in-outputs":
            seen.outputs = '{"bucketId":"b\\nc"}'
        elif request.name == "no-id":
            seen.object_id = ""
        elif request.name == "escape-in-id":
            seen.object_id = "a\nb"
        elif request.name == "absent":
            seen = pb.Observation()
        elif request.name == "no-handle":
            return pb.StepResponse(in_progress=pb.InProgress(poll_after_milliseconds=1))
        return pb.StepResponse(succeeded=seen)

    def Delete(self, request, context):
        anyway(request.name, context)
        return pb.StepResponse(succeeded=pb.Observation(exists=request.name == "still-there"))

    Observe = Ensure


def flood():
    while True:
        print("flood " * 20, file=sys.stderr, flush=True)


def add_services(server, data):
    rpc.add_PluginServicer_to_server(Plugin(HERE), server)
    rpc.add_ResourcesServicer_to_server(Resources(), server)
    if MODE != "no-secrets":
        get = grpc.unary_unary_rpc_method_handler(get_secret, request_deserializer=pb.GetSecretRequest.FromString, response_serializer=lambda message: message)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("tarmak.plugin.v1.SecretStore", {"Get": get}),))
        rpc.add_SecretStoreServicer_to_server(SecretStore(), server)


if __name__ == "__main__":
    if MODE == "die-at-start":
        sys.exit("I cannot go on.\x1b[31m")
    if MODE == "never-listens":
        sys.stdin.read()
        sys.exit(0)
    if MODE == "speaks-no-grpc":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(json.loads(sys.stdin.readline())["socket"])
        listener.listen()
        while True:
            listener.accept()[0].sendall(b"220 mail.example.test ESMTP\r\n" * 1000)
    if MODE == "other-token":
        tarmak_plugin.TokenCheck.__init__, original = lambda self, token: original(self, "other"), tarmak_plugin.TokenCheck.__init__
    if MODE == "floods-output":
        threading.Thread(target=flood, daemon=True).start()
    if MODE == "stays":
        first = sys.stdin.readline()
        sys.stdin = type("Endless", (), {"readline": lambda self: first, "read": lambda self: NEVER.wait()})()
    tarmak_plugin.serve(add_services)
