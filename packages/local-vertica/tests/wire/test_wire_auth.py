"""Passwords: the right one is let in, by every method, as the driver answers."""

import hashlib
import struct

import pytest
from vertica_python.vertica.messages import Password

from local_vertica.wire import auth

METHODS = [method for method in auth.METHODS if method != "trust"]


def answered(question: auth.Challenge, password: str) -> bytes:
    """Return what the driver sends for a password."""
    options = {}
    if question.code != auth.CLEARTEXT:
        options["salt"] = question.data[:4]
    if question.code == auth.HASH_SHA512:
        options["usersalt"] = question.data[8:]
    message = Password(password, question.code, {"user": "Ян", **options})
    return message.read_bytes()


@pytest.mark.parametrize("method", METHODS)
def test_the_driver_gets_in_with_the_right_password(method):
    """The driver's own answer is accepted, whatever letters the password has."""
    question = auth.challenge(method, "Ян", "пароль 'x'")

    assert question.accepts(answered(question, "пароль 'x'"))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("wrong", ["", "secreT", "secret "])
def test_a_wrong_password_is_refused(method, wrong):
    """Nothing but the password is let in."""
    question = auth.challenge(method, "Ян", "secret")

    assert not question.accepts(answered(question, wrong))


@pytest.mark.parametrize("method", ["md5", "sha512"])
def test_an_answer_is_worth_nothing_the_next_time(method):
    """Every challenge has a salt of its own, so that an overheard answer does not help."""
    first, second = (auth.challenge(method, "u", "secret") for _ in range(2))

    assert not second.accepts(answered(first, "secret"))


def test_sha512_is_hashed_twice_with_both_salts():
    """The answer is SHA-512 over the hash of password and user salt, and the salt."""
    question = auth.challenge("sha512", "u", "p")
    salt, size, user_salt = question.data[:4], question.data[4:8], question.data[8:]

    inner = hashlib.sha512(b"p" + user_salt).hexdigest().encode()
    answer = b"sha512" + hashlib.sha512(inner + salt).hexdigest().encode() + b"\0"

    assert struct.unpack("!i", size) == (16,)
    assert question.accepts(answer)


def test_trust_asks_nothing():
    """A server without a password lets everybody in."""
    assert auth.challenge("trust", "u", "") is None
