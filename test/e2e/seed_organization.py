"""An organization on moto, with boto3, somebody else's client.

`seed_organization.py deploy` makes the deployment in the delegated administrator's account, two members with an estate and
the real member template in two regions, and a suspended account; `change ACCOUNT REGION` makes a service of a member
privileged and tells it on the member's own event bus, as CloudTrail would. Prints what the test needs to know.
"""

import json
import pathlib
import sys

import boto3
import yaml

import seed_functions as functions

ROOT = pathlib.Path(__file__).parent.parent.parent
HOME, REGIONS = functions.HOME, functions.REGIONS
EXTERNAL_ID = "0123456789abcdef0123456789abcdef"
home = functions.account


def enter(account):
    """From here on everything is done in a member, as the role that Organizations creates there."""
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    session = boto3.client("sts", region_name=HOME).assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    boto3.setup_default_session(
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
    functions.account = account


def organization():
    client = boto3.client("organizations", region_name=HOME)
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
    ids = []
    for name in ["one", "two", "closed"]:
        status = client.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]
        client.move_account(AccountId=status["AccountId"], SourceParentId=root, DestinationParentId=unit)
        ids.append(status["AccountId"])
    client.close_account(AccountId=ids[2])
    return client.describe_organization()["Organization"]["Id"], unit, ids


def central_bus(queue):
    events = boto3.client("events", region_name=HOME)
    rule = yaml.safe_load((ROOT / "infra/resources/members-rule.generated.yml").read_text())["Resources"]["MembersRule"]
    arn = events.create_event_bus(Name="hullcheck-e2e-members")["EventBusArn"]
    place = {"Rule": "members", "EventBusName": "hullcheck-e2e-members"}
    events.put_rule(
        Name="members", EventBusName="hullcheck-e2e-members", EventPattern=json.dumps(rule["Properties"]["EventPattern"])
    )
    attributes = boto3.client("sqs", region_name=HOME).get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    events.put_targets(**place, Targets=[{"Id": "recheck", "Arn": attributes["Attributes"]["QueueArn"]}])
    return arn


def member(account, organization_id, bus):
    enter(account)
    template = (ROOT / "infra/member-account/template.yml").read_text()
    scanner = f"arn:aws:iam::{home}:role/hullcheck-e2e"
    parameters = {
        "ReaderRoleArns": f"{scanner}-scan,{scanner}-recheck",
        "PublisherRoleArns": f"{scanner}-scan,{scanner}-recheck,{scanner}-finish",
        "ExternalId": EXTERNAL_ID,
        "OrganizationId": organization_id,
        "CentralBusArn": bus,
        "RolesRegion": HOME,
    }
    for region in REGIONS:
        boto3.client("cloudformation", region_name=region).create_stack(
            StackName="hullcheck-member",
            TemplateBody=template,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        functions.estate(region)
    roles = boto3.client("iam", region_name=HOME).list_roles()["Roles"]
    rules = {
        region: len(boto3.client("events", region_name=region).list_rules(NamePrefix="hullcheck-forward-")["Rules"])
        for region in REGIONS
    }
    return {
        "roles": sorted(role["RoleName"] for role in roles),
        "trust": [r["AssumeRolePolicyDocument"] for r in roles if r["RoleName"] == "hullcheck-read"],
        "rules": rules,
    }


def deploy():
    organization_id, unit, (one, two, closed) = organization()
    topic_arn, inbox = functions.topic()
    s3 = boto3.client("s3", region_name=HOME)
    for bucket in ["hullcheck-config", "hullcheck-report"]:
        s3.create_bucket(Bucket=bucket)
    config = {
        "version": 1,
        "scope": {
            # The third is a region that accounts have to opt in to.
            "regions": [*REGIONS, "ap-east-1"],
            "services": ["ecr", "ecs"],
            "organization": {"organizationalUnits": [unit]},
            "memberRoles": {"externalId": EXTERNAL_ID},
        },
        "publish": {"sns": {"topics": {"machine": topic_arn}}},
        "aws": {"maxAttempts": 2},
    }
    s3.put_object(Bucket="hullcheck-config", Key="hullcheck.yaml", Body=json.dumps(config).encode())
    recheck = functions.queue("recheck")
    deployed = {
        "account": home,
        "organizationId": organization_id,
        "table": functions.table("hullcheck"),
        "unit": functions.queue("unit"),
        "recheck": recheck,
        "finish": functions.queue("finish"),
        "inbox": inbox,
        "configBucket": "hullcheck-config",
        "reportBucket": "hullcheck-report",
        "one": one,
        "two": two,
        "closed": closed,
    }
    bus = central_bus(recheck)
    own = boto3.DEFAULT_SESSION
    deployed["members"] = {}
    for account in [one, two]:
        deployed["members"][account] = member(account, organization_id, bus)
        boto3.DEFAULT_SESSION = own
    return deployed


def change(account, region):
    enter(account)
    revision = functions.register(region, privileged=True)
    boto3.client("ecs", region_name=region).update_service(cluster="prod", service="shop", taskDefinition=revision)
    detail = {
        "eventSource": "ecs.amazonaws.com",
        "eventName": "UpdateService",
        "requestParameters": {"cluster": "prod", "service": "shop"},
    }
    entry = {"Source": "aws.ecs", "DetailType": "AWS API Call via CloudTrail", "Detail": json.dumps(detail)}
    # On AWS only services may speak for themselves; moto lets everybody.
    return boto3.client("events", region_name=region).put_events(Entries=[entry])["FailedEntryCount"]


if __name__ == "__main__":
    actions = {"deploy": deploy, "change": change}
    print(json.dumps(actions[sys.argv[1]](*sys.argv[2:]), default=str))
