"""Calls methods of a client of Vault or AWS, as lines of JSON on stdin say, and answers each with a line.

Usage: client-calls.py (hvac URL TOKEN | boto3 URL). A line is {"method": "secrets.aws.read_role", "arguments": {...}}, where
the method of boto3 begins with the service, and {"keys": [ID, SECRET, TOKEN?]} or {"keys": [PROFILE]} says in
whose name; its answer is {"answer": ...} or {"refused": ...}.
"""

import functools
import json
import sys
from types import SimpleNamespace

import boto3
import hvac
from botocore.exceptions import ClientError
from hvac.exceptions import VaultError

kind, url, *token = sys.argv[1:]
vault = hvac.Client(url=url, token=token[0]) if kind == "hvac" else None


@functools.cache
def clients(*keys):
    names = ("profile_name",) if len(keys) == 1 else ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    session = boto3.Session(region_name="us-east-1", **dict(zip(names, keys)))
    return SimpleNamespace(**{name: session.client(name, endpoint_url=url) for name in ("sts", "iam", "s3")})


for line in sys.stdin:
    asked = json.loads(line)
    method = vault or clients(*asked["keys"])
    for name in asked["method"].split("."):
        method = getattr(method, name)
    try:
        answer = method(**asked["arguments"])
        # What has no body is answered with the response itself.
        told = {"answer": answer if isinstance(answer, dict) else None}
    except (ClientError, VaultError) as error:
        told = {"refused": f"{type(error).__name__}: {error}"}
    print(json.dumps(told, default=str), flush=True)
