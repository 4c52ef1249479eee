"""Makes the same calls of STS, IAM and S3 at any endpoint, and tells what came of each as one line of JSON.

Usage: boto3-calls.py ENDPOINT (sandbox|moto). moto starts empty: what the sandbox's fixture declares is made first.
"""

import datetime
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

endpoint, kind = sys.argv[1], sys.argv[2]
keys = {
    "plane": ("AKIAPLANE00000000001", "plane-secret"),
    "vendor": ("AKIAVENDOR0000000001", "vendor-secret"),
    "wrong": ("AKIAPLANE00000000001", "wrong-secret"),
    "unknown": ("AKIAUNKNOWN000000001", "unknown-secret"),
}


def client(service, who="plane", region="us-east-1", token=None):
    key, secret = keys[who] if isinstance(who, str) else who
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def shape(value):
    """What an answer consists of, without its content."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in sorted(value.items()) if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, datetime.datetime):
        return "time"
    return type(value).__name__


def tell(name, call, show=lambda answer: None):
    try:
        answer = call()
        line = {"ok": True, "status": answer["ResponseMetadata"]["HTTPStatusCode"], "shape": shape(answer), "shown": show(answer)}
    except ClientError as error:
        answer = None
        response = error.response
        line = {"ok": False, "code": response["Error"]["Code"], "status": response["ResponseMetadata"]["HTTPStatusCode"], "shown": response["Error"].get("Message")}
    except ResponseParserError:
        answer = None
        line = {"ok": False, "code": "no answer", "status": 500, "shown": None}
    print(json.dumps({"name": name, **line}), flush=True)
    return answer


role = "arn:aws:iam::111122223333:role/data/analytics"
bucket = "acme-shared"
sts, iam = client("sts"), client("iam")
s3 = client("s3", region="eu-west-1")

if kind == "moto":
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for key in ["readme", "reports/2024.csv", "reports/2025.csv"]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"a,b")
    iam.create_group(GroupName="analysts")
    trust = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}
    iam.create_role(RoleName="chained", AssumeRolePolicyDocument=json.dumps(trust))

tell("sts.get_caller_identity", sts.get_caller_identity, lambda a: a["Arn"])
tell("sts.wrong_secret", client("sts", "wrong").get_caller_identity)
tell("sts.unknown_key", client("sts", "unknown").get_caller_identity)
vendor = client("sts", "vendor")
assumed = tell(
    "sts.assume_role",
    lambda: vendor.assume_role(RoleArn=role, RoleSessionName="boto3", ExternalId="acme-42"),
    lambda a: a["AssumedRoleUser"]["Arn"],
)
tell("sts.no_external_id", lambda: vendor.assume_role(RoleArn=role, RoleSessionName="boto3"))
tell("sts.other_external_id", lambda: vendor.assume_role(RoleArn=role, RoleSessionName="boto3", ExternalId="acme-43"))
tell("sts.get_session_token", sts.get_session_token)
tell("sts.get_federation_token", lambda: sts.get_federation_token(Name="jane"), lambda a: a["FederatedUser"]["Arn"])
if kind == "sandbox":
    given = assumed["Credentials"]
    session = client("s3", (given["AccessKeyId"], given["SecretAccessKey"]), "eu-west-1", given["SessionToken"])
    tell("s3.in_a_session", lambda: session.list_objects_v2(Bucket=bucket, Prefix="reports/"), lambda a: a["KeyCount"])

user = {"UserName": "boto3-user"}
document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
managed = {"PolicyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}
tell("iam.create_user", lambda: iam.create_user(**user, Path="/vault/", Tags=[{"Key": "a", "Value": "b"}]))
tell("iam.create_user_again", lambda: iam.create_user(**user))
tell("iam.get_user", lambda: iam.get_user(**user), lambda a: a["User"]["Path"])
tell("iam.list_user_tags", lambda: iam.list_user_tags(**user), lambda a: a["Tags"])
tell("iam.tag_user", lambda: iam.tag_user(**user, Tags=[{"Key": "a", "Value": "c"}]))
tell("iam.put_user_policy", lambda: iam.put_user_policy(**user, PolicyName="p", PolicyDocument=json.dumps(document)))
tell("iam.malformed_policy", lambda: iam.put_user_policy(**user, PolicyName="q", PolicyDocument="{"))
tell("iam.list_user_policies", lambda: iam.list_user_policies(**user), lambda a: a["PolicyNames"])
tell("iam.get_user_policy", lambda: iam.get_user_policy(**user, PolicyName="p"), lambda a: a["PolicyDocument"])
tell("iam.attach_user_policy", lambda: iam.attach_user_policy(**user, **managed))
tell("iam.list_attached_user_policies", lambda: iam.list_attached_user_policies(**user), lambda a: a["AttachedPolicies"])
tell("iam.add_user_to_group", lambda: iam.add_user_to_group(**user, GroupName="analysts"))
tell("iam.list_groups_for_user", lambda: iam.list_groups_for_user(**user), lambda a: a["Groups"][0]["GroupName"])
boundary = {"PermissionsBoundary": managed["PolicyArn"]}
tell("iam.put_user_permissions_boundary", lambda: iam.put_user_permissions_boundary(**user, **boundary))
tell("iam.delete_user_permissions_boundary", lambda: iam.delete_user_permissions_boundary(**user))
made = tell("iam.create_access_key", lambda: iam.create_access_key(**user))
tell("iam.create_access_key_2", lambda: iam.create_access_key(**user))
tell("iam.create_access_key_3", lambda: iam.create_access_key(**user))
listed = tell("iam.list_access_keys", lambda: iam.list_access_keys(**user), lambda a: len(a["AccessKeyMetadata"]))
own = (made["AccessKey"]["AccessKeyId"], made["AccessKey"]["SecretAccessKey"])
tell("iam.its_own_keys", client("sts", own).get_caller_identity)
tell("iam.delete_user_in_use", lambda: iam.delete_user(**user))
for key in listed["AccessKeyMetadata"]:
    tell("iam.delete_access_key", lambda: iam.delete_access_key(**user, AccessKeyId=key["AccessKeyId"]))
tell("iam.delete_access_key_again", lambda: iam.delete_access_key(**user, AccessKeyId=own[0]))
tell("iam.delete_user_policy", lambda: iam.delete_user_policy(**user, PolicyName="p"))
tell("iam.delete_user_policy_again", lambda: iam.delete_user_policy(**user, PolicyName="p"))
tell("iam.detach_user_policy", lambda: iam.detach_user_policy(**user, **managed))
tell("iam.remove_user_from_group", lambda: iam.remove_user_from_group(**user, GroupName="analysts"))
tell("iam.delete_user", lambda: iam.delete_user(**user))
tell("iam.get_user_gone", lambda: iam.get_user(**user))
tell("iam.get_role", lambda: iam.get_role(RoleName="chained"), lambda a: a["Role"]["AssumeRolePolicyDocument"]["Version"])
tell("iam.get_role_gone", lambda: iam.get_role(RoleName="gone"))
tell("iam.list_roles", iam.list_roles)

tell("s3.head_bucket", lambda: s3.head_bucket(Bucket=bucket))
tell("s3.head_bucket_gone", lambda: s3.head_bucket(Bucket="acme-missing"))
tell("s3.get_bucket_location", lambda: s3.get_bucket_location(Bucket=bucket), lambda a: a["LocationConstraint"])
tell("s3.list_objects_v2", lambda: s3.list_objects_v2(Bucket=bucket, Prefix="reports/", MaxKeys=1), lambda a: [a["KeyCount"], a["IsTruncated"]])
tell("s3.list_objects_v2_folders", lambda: s3.list_objects_v2(Bucket=bucket, Delimiter="/"), lambda a: a["CommonPrefixes"])
tell("s3.list_objects_v2_none", lambda: s3.list_objects_v2(Bucket=bucket, Prefix="none/"), lambda a: a["KeyCount"])
tell("s3.no_such_bucket", lambda: s3.list_objects_v2(Bucket="acme-missing"))
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
print(json.dumps({"name": "s3.paginated", "ok": True, "status": 200, "shape": "", "shown": [o["Key"] for page in pages for o in page["Contents"]]}))
odd = {"Bucket": bucket, "Key": "odd/\u00fc (a+b)'*~&=.txt"}
tell("s3.put_object", lambda: s3.put_object(**odd, Body=b"hello"), lambda a: a["ETag"])
tell("s3.get_object", lambda: s3.get_object(**odd), lambda a: a["Body"].read().decode())
tell("s3.delete_object", lambda: s3.delete_object(**odd))
tell("s3.no_such_key", lambda: s3.get_object(**odd))
if kind == "sandbox":
    tell("s3.wrong_secret", lambda: client("s3", "wrong", "eu-west-1").list_objects_v2(Bucket=bucket))
    tell("s3.unknown_key", lambda: client("s3", "unknown", "eu-west-1").list_objects_v2(Bucket=bucket))
    tell("s3.denied", lambda: client("s3", "vendor", "eu-west-1").list_objects_v2(Bucket=bucket))
    tell("s3.other_owner", lambda: s3.list_objects_v2(Bucket=bucket, ExpectedBucketOwner="999988887777"))
    tell("s3.no_owner", lambda: s3.list_objects_v2(Bucket=bucket, ExpectedBucketOwner="acme"))
    # botocore finds the region in the refusal and asks again.
    tell("s3.other_region", lambda: client("s3").list_objects_v2(Bucket=bucket), lambda a: a["KeyCount"])
