"""Ask a client for its password, by the methods that Vertica has for it."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from local_vertica.catalog.model import User

Method = Literal["trust", "password", "md5", "sha512"]
METHODS: tuple[Method, ...] = ("trust", "password", "md5", "sha512")

OK = 0
CLEARTEXT = 3
EXPIRED = 9
HASH_MD5 = 65541
HASH_SHA512 = 66048


@dataclass(frozen=True)
class Challenge:
    """What the server sends, and what decides whether the answer is right."""

    code: int
    data: bytes
    accepts: Callable[[bytes], bool]


def same(expected: bytes, answer: bytes) -> bool:
    """Compare in a time that tells nothing; an answer ends with a NUL."""
    return hmac.compare_digest(expected, answer.rstrip(b"\0"))


def challenge(method: Method, user: str, password: str) -> Challenge | None:
    """Return the question of a method; none where any password is taken."""
    if method == "trust":
        return None
    if method == "password":
        return Challenge(CLEARTEXT, b"", lambda answer: same(password.encode(), answer))
    if method == "md5":
        hashed = hashlib.md5((password + user).encode(), usedforsecurity=False).hexdigest()
        return md5_challenge(hashed)
    user_salt = secrets.token_bytes(16)
    return sha512_challenge(hashlib.sha512(password.encode() + user_salt).hexdigest(), user_salt)


def own_challenge(user: User) -> Challenge:
    """Return the question that a user's own password answers; only SHA-512 has a user salt."""
    if user.salt:
        return sha512_challenge(user.password_hash, bytes.fromhex(user.salt))
    return md5_challenge(user.password_hash)


def md5_challenge(hashed: str) -> Challenge:
    """Ask for the MD5 of a salt and of the hash of password and user."""
    salt = secrets.token_bytes(4)
    outer = hashlib.md5(hashed.encode() + salt, usedforsecurity=False).hexdigest()
    return Challenge(HASH_MD5, salt, lambda answer: same(b"md5" + outer.encode(), answer))


def sha512_challenge(hashed: str, user_salt: bytes) -> Challenge:
    """Ask for the SHA-512 of a salt and of the hash of password and user salt."""
    salt = secrets.token_bytes(4)
    wanted = b"sha512" + hashlib.sha512(hashed.encode() + salt).hexdigest().encode()
    data = salt + len(user_salt).to_bytes(4, "big") + user_salt
    return Challenge(HASH_SHA512, data, lambda answer: same(wanted, answer))
