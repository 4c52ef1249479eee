"""Calls methods of a client of Vault or AWS, as lines of JSON on stdin say, and answers each with a line.

Usage: client-calls.py (hvac URL TOKEN | boto3 URL KEY SECRET). A line is {"method": "secrets.aws.read_role", "arguments":
{...}}, where the method of boto3 begins with the service; its answer {"answer": ...} or {"refused": ...}.
"""

import json
import sys
from types import SimpleNamespace

import boto3
import hvac
from botocore.exceptions import ClientError
from hvac.exceptions import VaultError

kind, url, *secrets = sys.argv[1:]
if kind == "hvac":
    client = hvac.Client(url=url, token=secrets[0])
else:
    given = {"endpoint_url": url, "region_name": "us-east-1", "aws_access_key_id": secrets[0], "aws_secret_access_key": secrets[1]}
    client = SimpleNamespace(**{service: boto3.client(service, **given) for service in ("sts", "iam", "s3")})

for line in sys.stdin:
    asked = json.loads(line)
    method = client
    for name in asked["method"].split("."):
        method = getattr(method, name)
    try:
        answer = method(**asked["arguments"])
        # What has no body is answered with the response itself.
        told = {"answer": answer if isinstance(answer, dict) else None}
    except (ClientError, VaultError) as error:
        told = {"refused": f"{type(error).__name__}: {error}"}
    print(json.dumps(told, default=str), flush=True)
