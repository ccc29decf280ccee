"""The food delivery: one module a source table, found by being here.

Three systems feed it: `bonus` (PostgreSQL), `orders` (MongoDB), `couriers` (an HTTP API). It shares
no key with the social network: equal numbers there and here mean nothing.
"""
