"""The laptop's two places together: the local Vertica reads objects of the local S3."""

import boto3
import pytest
from vertica_python import errors

from local.paths import Paths
from local.s3 import serve_s3

OBJECTS = {"in/1.csv": b"1|a\nx|b\n", "in/2.csv": b"2|c\n", "in/deep/3.csv": b"3|d\n"}


@pytest.fixture
def cursor(schema, connect):
    """Lend a cursor and a table of two columns."""
    found = connect().cursor()
    found.execute(f"CREATE TABLE {schema}.two (a INT, b VARCHAR(9))")
    return found


def rows(cursor, query):
    """Return what a query gives."""
    cursor.execute(query)
    return cursor.fetchall()


def put_objects(s3):
    """Fill a bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=s3.endpoint,
        aws_access_key_id=s3.key_id,
        aws_secret_access_key=s3.secret,
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="landing")
    for key, body in OBJECTS.items():
        client.put_object(Bucket="landing", Key=key, Body=body)


def test_objects_are_read_by_the_server(cursor, schema, warehouse_address, tmp_path):
    """COPY FROM 's3://…' reads with the session's AWS parameters, and rejects name the object."""
    if warehouse_address.host != "127.0.0.1":
        pytest.skip("a real Vertica does not reach the S3 server of this machine")

    with serve_s3(Paths(tmp_path)) as s3:
        put_objects(s3)
        cursor.execute(f"ALTER SESSION SET AWSAuth = '{s3.key_id}:{s3.secret}'")
        cursor.execute(f"ALTER SESSION SET AWSEndpoint = '{s3.endpoint.partition('://')[2]}'")
        cursor.execute("ALTER SESSION SET AWSEnableHttps = 0")
        cursor.execute(
            f"COPY {schema}.two FROM 's3://landing/in/*.csv' ON ANY NODE"
            f" REJECTED DATA AS TABLE {schema}.rejects"
        )
        with pytest.raises(errors.QueryError, match="Could not open file") as caught:
            cursor.execute(f"COPY {schema}.two FROM 's3://landing/in/4.csv'")

    assert s3.secret not in str(caught.value)
    assert rows(cursor, f"SELECT a FROM {schema}.two ORDER BY a") == [[1], [2]]
    assert rows(cursor, f"SELECT file_name FROM {schema}.rejects") == [["s3://landing/in/1.csv"]]
