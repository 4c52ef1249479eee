"""Calls methods of an hvac client, as lines of JSON on stdin say, and answers each with a line. Usage: hvac-calls.py URL TOKEN

A line is {"method": "secrets.aws.read_role", "arguments": {...}}; its answer {"answer": ...} or {"refused": [STATUS, [MESSAGE...]]}.
"""

import json
import sys

import hvac
from hvac.exceptions import VaultError

statuses = {"InvalidRequest": 400, "Forbidden": 403, "InvalidPath": 404}
client = hvac.Client(url=sys.argv[1], token=sys.argv[2])

for line in sys.stdin:
    asked = json.loads(line)
    method = client
    for name in asked["method"].split("."):
        method = getattr(method, name)
    try:
        answer = method(**asked["arguments"])
        # What has no body is answered with the response itself.
        told = {"answer": answer if isinstance(answer, (dict, str, bool, type(None))) else None}
    except VaultError as error:
        told = {"refused": [statuses.get(type(error).__name__, type(error).__name__), error.errors]}
    print(json.dumps(told), flush=True)
