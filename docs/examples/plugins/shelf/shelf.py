"""Secrets and objects as files in a folder: a Tarmak provider in Python.

An account is a folder. In it, a secret is a folder with a file per version, and so is an object in its bucket; the newest
version is the one with the highest number. A version is written beside its place, brought to the disk and then linked
there, which fails where it exists: of two writers one wins. A lock file per account orders writers, so that what a
condition was held against is still so when it is written.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import re
import shutil
import tempfile
import urllib.parse

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import tarmak_plugin
from tarmak_plugin import Refused, plugin_pb2 as pb, plugin_pb2_grpc as rpc, refusing

LARGEST_SECRET = 64 * 1024
NONCE_BYTES = 12
NAME = re.compile(r"[a-z0-9._-]+(?:/[a-z0-9._-]+)*")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
PAGE = 50
LONGEST_PART = 200


def file_name(text):
    """A file name for any text, and the text again from it. Long ones are cut into parts, each a folder."""
    quoted = urllib.parse.quote(text, safe="")
    parts = [quoted[i : i + LONGEST_PART] for i in range(0, len(quoted), LONGEST_PART)] or [""]
    return os.path.join(*("p-" + p for p in parts[:-1]), "o-" + parts[-1])


def text_of(path):
    return urllib.parse.unquote("".join(part[2:] for part in path.parts))


def sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder):
    """Makes a folder that lasts, for its owner alone."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def write(path, content):
    """Writes a file that is there whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    finally:
        os.unlink(temporary)
    sync_folder(path.parent)


@contextlib.contextmanager
def locked(folder):
    """One writer at a time, of all processes."""
    make_folder(folder)
    with open(folder / ".lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Versions:
    """A thing with versions: a folder of files with numbers for names."""

    def __init__(self, folder):
        self.folder = folder

    def newest_number(self):
        """0 where there is none."""
        try:
            return max((int(n) for n in os.listdir(self.folder) if n.isdigit()), default=0)
        except FileNotFoundError:
            return 0

    def newest(self):
        """Number and content, or none. A reader that a deletion overtakes finds nothing."""
        number = self.newest_number()
        try:
            return (number, (self.folder / str(number)).read_bytes()) if number else None
        except FileNotFoundError:
            return None

    def add(self, number, content):
        make_folder(self.folder)
        write(self.folder / str(number), content)

    def remove(self):
        """Removes all versions at once: by the new name nobody finds them any more."""
        if self.folder.is_dir():
            # What begins with a dot is no thing of anybody's.
            going = pathlib.Path(tempfile.mkdtemp(dir=self.folder.parent, prefix=".going-"))
            os.rename(self.folder, going)
            sync_folder(self.folder.parent)
            shutil.rmtree(going)


def things(root):
    """The names of all things in a folder, in the order of their bytes."""
    found = []
    for folder, inner, _ in os.walk(root):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in [n for n in inner if n.startswith("o-")]:
            path = pathlib.Path(folder, name)
            if Versions(path).newest_number():
                found.append(text_of(path.relative_to(root)))
            inner.remove(name)
    return sorted(found, key=str.encode)


def page(names, prefix, token):
    """A page of names: the token is the last name of the page before."""
    left = [n for n in names if n.startswith(prefix) and n.encode() > token.encode()]
    return pb.NamesResponse(names=left[:PAGE], next_page_token=left[PAGE - 1] if len(left) > PAGE else "")


class Accounts:
    """Where accounts keep their files, and their keys."""

    def __init__(self, data):
        self._data = data

    def folder(self, account):
        if account.data_directory:
            return pathlib.Path(account.data_directory)
        if self._data is None:
            raise Refused("TERMINAL", "The plugin was started without --data, and the engine is elsewhere; start it with a folder for its files.")
        return self._data / urllib.parse.quote(account.installation, safe="") / urllib.parse.quote(account.provider, safe="")

    def key(self, account):
        where = account.options.get("credentialsFrom.file")
        if not where:
            raise Refused("UNAUTHENTICATED", f"Provider {account.provider} names no key; let credentialsFrom.file name one (openssl rand -hex 32).")
        try:
            key = bytes.fromhex(pathlib.Path(where).read_text().strip())
        except OSError as fault:
            raise Refused("UNAUTHENTICATED", f"The key {where} of provider {account.provider} cannot be read: {fault.strerror}.") from None
        except ValueError:
            key = b""
        if len(key) != 32:
            raise Refused("UNAUTHENTICATED", f"{where} holds no key of 64 hexadecimal digits; make one by openssl rand -hex 32.")
        return AESGCM(key)


class Plugin(tarmak_plugin.PluginBase):
    type = "shelf"

    def __init__(self, folder, accounts, buckets):
        super().__init__(folder)
        self._accounts = accounts
        self._buckets = buckets

    @refusing(pb.VerifyResponse)
    def Verify(self, request, context):
        return pb.VerifyResponse(findings=[self._look("folder", self._folder, request.account), self._look("key", self._key, request.account)])

    def Check(self, request, context):
        return pb.CheckResponse()

    @refusing(pb.ListOwnedResponse)
    def ListOwned(self, request, context):
        owned = []
        for name, marks in self._buckets.all(request.account):
            if marks["marks"]["installation"] == request.account.installation:
                owned.append(pb.ListOwnedResponse.Owned(marks=pb.Marks(**marks["marks"]), kind="bucket", object_id=name, running=True))
        return pb.ListOwnedResponse(objects=owned)

    @refusing(pb.RemoveFilesResponse)
    def RemoveFiles(self, request, context):
        folder = self._accounts.folder(request.account)
        if folder.is_dir() and not things(folder / "secrets") and not list(self._buckets.all(request.account)):
            shutil.rmtree(folder)
        return pb.RemoveFilesResponse()

    def _folder(self, account):
        folder = self._accounts.folder(account)
        there = next(f for f in [folder, *folder.parents] if f.is_dir())
        if not os.access(there, os.W_OK):
            raise Refused("UNAUTHORIZED", f"{there} cannot be written; give the plugin's user the right to it.")
        return f"{there} can be written."

    def _key(self, account):
        self._accounts.key(account)
        return "The key can be read."

    @staticmethod
    def _look(name, look, account):
        try:
            return pb.Finding(requirement=name, state="REQUIREMENT_STATE_MET", sentence=look(account))
        except Refused as refused:
            return pb.Finding(requirement=name, state="REQUIREMENT_STATE_UNMET", sentence=refused.refusal.message)


class SecretStore(rpc.SecretStoreServicer):
    """Values are encrypted under the account's key, bound to name and version: a file that was moved is no secret."""

    def __init__(self, accounts):
        self._accounts = accounts

    @refusing(pb.SecretResponse)
    def Get(self, request, context):
        newest = self._versions(request).newest()
        return pb.SecretResponse() if newest is None else pb.SecretResponse(secret=self._open(request, *newest))

    @refusing(pb.SecretResponse)
    def CreateIfAbsent(self, request, context):
        self._refuse_large(request)
        versions = self._versions(request)
        with locked(self._root(request)):
            newest = versions.newest()
            return pb.SecretResponse(secret=self._add(request, versions, 1) if newest is None else self._open(request, *newest))

    @refusing(pb.SecretResponse)
    def CompareAndSet(self, request, context):
        self._refuse_large(request)
        versions = self._versions(request)
        with locked(self._root(request)):
            newest = versions.newest()
            number = 0 if newest is None else newest[0]
            return pb.SecretResponse(secret=self._add(request, versions, number + 1)) if number == request.expected_version else pb.SecretResponse()

    @refusing(pb.DeletedResponse)
    def Delete(self, request, context):
        versions = self._versions(request)
        with locked(self._root(request)):
            versions.remove()
        return pb.DeletedResponse()

    @refusing(pb.NamesResponse)
    def List(self, request, context):
        return page(things(self._root(request)), request.prefix, request.page_token)

    def _root(self, request):
        return self._accounts.folder(request.account) / "secrets"

    def _versions(self, request):
        if not NAME.fullmatch(request.name):
            raise Refused("INVALID_SPEC", "The name of a secret is a path of a-z, 0-9, dot, dash and underscore.")
        return Versions(self._root(request) / file_name(request.name))

    @staticmethod
    def _refuse_large(request):
        if len(request.value) > LARGEST_SECRET:
            raise Refused("INVALID_SPEC", f"The value of {request.name} has {len(request.value)} bytes, and {LARGEST_SECRET} are the most.")

    @staticmethod
    def _bound_to(request, number):
        return f"{request.name}\n{number}".encode()

    def _add(self, request, versions, number):
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._accounts.key(request.account).encrypt(nonce, request.value, self._bound_to(request, number))
        versions.add(number, nonce + sealed)
        return pb.Secret(value=request.value, version=number)

    def _open(self, request, number, content):
        try:
            value = self._accounts.key(request.account).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], self._bound_to(request, number))
        except (InvalidTag, ValueError):
            raise Refused("UNAUTHENTICATED", f"Secret {request.name} was not written under the key that credentialsFrom names; name the key it was written under.") from None
        return pb.Secret(value=value, version=number)


class Buckets(rpc.ResourcesServicer):
    """A bucket is a folder that gets its name with the marks in it: one without marks would be nobody's to delete."""

    def __init__(self, accounts):
        self._accounts = accounts

    @refusing(pb.StepResponse)
    def Observe(self, request, context):
        return self._present(request) if self._is_this(request, self._marks(request.account, request.name)) else self._absent()

    @refusing(pb.StepResponse)
    def Ensure(self, request, context):
        root = self.root(request.account)
        with locked(root):
            marks = self._marks(request.account, request.name)
            if marks is None:
                making = pathlib.Path(tempfile.mkdtemp(dir=root, prefix=".making-"))
                write(making / ".marks.json", json.dumps({"marks": self._marks_of(request), "incarnation": request.incarnation}).encode())
                os.rename(making, root / request.name)
                sync_folder(root)
            elif not self._is_this(request, marks):
                raise Refused("CONFLICT", f"There is a bucket {request.name} that belongs to somebody else; remove it, or bind another provider.")
        return self._present(request)

    @refusing(pb.StepResponse)
    def Delete(self, request, context):
        root = self.root(request.account)
        with locked(root):
            if self._is_this(request, self._marks(request.account, request.object_id)):
                going = root / f".going-{os.urandom(8).hex()}"
                os.rename(root / request.object_id, going)
                sync_folder(root)
                shutil.rmtree(going)
        return self._absent()

    def root(self, account):
        return self._accounts.folder(account) / "buckets"

    def folder(self, account, name):
        """The folder of a bucket that is there."""
        if self._marks(account, name) is None:
            raise Refused("NOT_FOUND", f"There is no bucket {name}.")
        return self.root(account) / name

    def all(self, account):
        root = self.root(account)
        for name in sorted(os.listdir(root)) if root.is_dir() else []:
            if BUCKET.fullmatch(name) and (marks := self._marks(account, name)):
                yield name, marks

    def _marks(self, account, name):
        if not BUCKET.fullmatch(name):
            raise Refused("INVALID_SPEC", "That is no name of a bucket.")
        try:
            return json.loads((self.root(account) / name / ".marks.json").read_text())
        except FileNotFoundError:
            return None

    @staticmethod
    def _marks_of(request):
        return {field: getattr(request.marks, field) for field in ("installation", "environment", "cluster", "uid", "owner")}

    def _is_this(self, request, marks):
        return (
            marks is not None
            and marks["incarnation"] == request.incarnation
            and all(marks["marks"][field] == getattr(request.marks, field) for field in ("installation", "uid"))
        )

    @staticmethod
    def _present(request):
        outputs = json.dumps({"bucketId": request.name})
        return pb.StepResponse(succeeded=pb.Observation(exists=True, object_id=request.name, in_sync=True, outputs=outputs))

    @staticmethod
    def _absent():
        return pb.StepResponse(succeeded=pb.Observation())


class ObjectStorage(rpc.ObjectStorageServicer):
    def __init__(self, buckets):
        self._buckets = buckets

    @refusing(pb.ObjectResponse)
    def Get(self, request, context):
        newest = self._versions(request).newest()
        return pb.ObjectResponse() if newest is None else pb.ObjectResponse(object=pb.StoredObject(content=newest[1], etag=self._etag(*newest)))

    @refusing(pb.PutObjectResponse)
    def Put(self, request, context):
        bucket = self._buckets.folder(request.account, request.bucket_id)
        versions = self._versions(request)
        with locked(bucket):
            newest = versions.newest()
            if request.HasField("condition") and request.condition.if_match != ("" if newest is None else self._etag(*newest)):
                return pb.PutObjectResponse()
            number = 1 if newest is None else newest[0] + 1
            versions.add(number, request.content)
            return pb.PutObjectResponse(etag=self._etag(number, request.content))

    @refusing(pb.DeletedResponse)
    def Delete(self, request, context):
        bucket = self._buckets.folder(request.account, request.bucket_id)
        with locked(bucket):
            self._versions(request).remove()
        return pb.DeletedResponse()

    @refusing(pb.NamesResponse)
    def List(self, request, context):
        return page(things(self._buckets.folder(request.account, request.bucket_id)), request.prefix, request.page_token)

    def _versions(self, request):
        return Versions(self._buckets.folder(request.account, request.bucket_id) / file_name(request.key))

    @staticmethod
    def _etag(number, content):
        return f"{number}-{hashlib.sha256(content).hexdigest()[:32]}"


def add_services(server, data):
    accounts = Accounts(data)
    buckets = Buckets(accounts)
    rpc.add_PluginServicer_to_server(Plugin(pathlib.Path(__file__).resolve().parent, accounts, buckets), server)
    rpc.add_SecretStoreServicer_to_server(SecretStore(accounts), server)
    rpc.add_ResourcesServicer_to_server(buckets, server)
    rpc.add_ObjectStorageServicer_to_server(ObjectStorage(buckets), server)


if __name__ == "__main__":
    tarmak_plugin.serve(add_services)
