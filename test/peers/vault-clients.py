"""Uses a Vault server as its users do with hvac; tells what it saw as one JSON object. Usage: vault-clients.py URL TOKEN"""

import json
import sys

import hvac
from hvac.exceptions import InvalidPath, InvalidRequest

client = hvac.Client(url=sys.argv[1], token=sys.argv[2])
aws = client.secrets.aws
seen = {"authenticated": client.is_authenticated(), "initialized": client.sys.is_initialized(), "sealed": client.sys.is_sealed()}
client.sys.enable_secrets_engine("aws", path="hvac", config={"max_lease_ttl": "2h"})
seen["mount"] = client.sys.list_mounted_secrets_engines()["data"]["hvac/"]["type"]
client.sys.tune_mount_configuration("hvac", default_lease_ttl="30m")
seen["tuned"] = client.sys.read_mount_configuration("hvac")["data"]["default_lease_ttl"]
aws.configure_root_iam_credentials("AKIAPLANE00000000001", "plane-secret", region="eu-west-1", mount_point="hvac")
seen["root"] = client.read("hvac/config/root")["data"]["region"]
aws.configure_lease("15m", "1h", mount_point="hvac")
seen["lease"] = aws.read_lease_config(mount_point="hvac")["data"]
try:
    aws.list_roles(mount_point="hvac")
except InvalidPath:
    seen["no roles"] = True
aws.create_or_update_role("ci", "iam_user", policy_document={"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}, mount_point="hvac")
seen["roles"] = aws.list_roles(mount_point="hvac")["data"]["keys"]
seen["role"] = aws.read_role("ci", mount_point="hvac")["data"]
made = aws.generate_credentials("ci", mount_point="hvac")
seen["credentials"] = sorted(made["data"])
seen["duration"] = made["lease_duration"]
seen["looked up"] = client.sys.read_lease(made["lease_id"])["data"]["renewable"]
seen["renewed"] = client.sys.renew_lease(made["lease_id"], increment=7200)["warnings"] is not None
seen["listed"] = len(client.sys.list_leases("hvac/creds/ci")["data"]["keys"])
client.sys.revoke_lease(made["lease_id"])
try:
    client.sys.read_lease(made["lease_id"])
except InvalidRequest as error:
    seen["revoked"] = str(error.errors)
try:
    client.write("hvac/roles/bad", credential_type="nonsense")
except InvalidRequest as error:
    seen["refused"] = error.errors[0]
token = client.auth.token.create(ttl="10m")["auth"]["client_token"]
child = hvac.Client(url=sys.argv[1], token=token)
seen["child"] = child.lookup_token()["data"]["ttl"] > 590
aws.generate_credentials("ci", mount_point="hvac")
client.sys.revoke_prefix("hvac/creds")
aws.delete_role("ci", mount_point="hvac")
client.sys.move_backend("hvac", "hvac2")
client.sys.disable_secrets_engine("hvac2")
print(json.dumps(seen))
