"""Deploys the plain template as docs/deploy.md says, with boto3, and says what is there afterwards.

`seed_deploy.py DIRECTORY BUCKET` uploads the zips of the directory and creates or updates the stack. Prints what each
service, asked for itself, has of it.
"""

import json
import pathlib
import sys

import boto3

STACK = "hullcheck-prod"
directory, bucket = pathlib.Path(sys.argv[1]), sys.argv[2]
s3, cloudformation = boto3.client("s3"), boto3.client("cloudformation")


def deploy():
    s3.create_bucket(Bucket=bucket)
    for path in directory.iterdir():
        s3.upload_file(str(path), bucket, f"hullcheck/{path.name}")
    stack = {
        "StackName": STACK,
        "TemplateURL": f"https://{bucket}.s3.amazonaws.com/hullcheck/template.json",
        "Parameters": [{"ParameterKey": "ArtifactBucket", "ParameterValue": bucket}],
        "Capabilities": ["CAPABILITY_IAM"],
    }
    if stacks():
        cloudformation.update_stack(**stack)
    else:
        cloudformation.create_stack(**stack)


def stacks():
    return [one for one in cloudformation.describe_stacks()["Stacks"] if one["StackName"] == STACK]


def pages(service, operation, key, **arguments):
    client = boto3.client(service)
    if not client.can_paginate(operation):
        return getattr(client, operation)(**arguments).get(key, [])
    return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page.get(key, [])]


def functions():
    found = {}
    for one in pages("lambda", "list_functions", "Functions"):
        found[one["FunctionName"]] = {
            "sha256": one["CodeSha256"],
            "runtime": one["Runtime"],
            "role": one["Role"],
            "environment": one["Environment"]["Variables"],
        }
    return found


def rules():
    found = {}
    for bus in pages("events", "list_event_buses", "EventBuses"):
        for one in pages("events", "list_rules", "Rules", EventBusName=bus["Name"]):
            at = {"Rule": one["Name"], "EventBusName": bus["Name"]}
            targets = [each["Arn"] for each in pages("events", "list_targets_by_rule", "Targets", **at)]
            found[one["Name"]] = {"pattern": json.loads(one["EventPattern"]), "targets": targets}
    return found


def table(name):
    found = boto3.client("dynamodb").describe_table(TableName=name)["Table"]
    return {
        "keys": [each["AttributeName"] for each in found["KeySchema"]],
        "indexes": [each["IndexName"] for each in found["GlobalSecondaryIndexes"]],
    }


deploy()
[stack] = stacks()
resources = pages("cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=STACK)
tables = pages("dynamodb", "list_tables", "TableNames")
json.dump(
    {
        "status": stack["StackStatus"],
        "made": sorted(one["LogicalResourceId"] for one in resources if one["LogicalResourceId"]),
        "queues": sorted(url.split("/")[-1] for url in pages("sqs", "list_queues", "QueueUrls")),
        "topics": sorted(one["TopicArn"].split(":")[-1] for one in pages("sns", "list_topics", "Topics")),
        "buckets": sorted(one["Name"] for one in s3.list_buckets()["Buckets"]),
        "tables": {name: table(name) for name in tables},
        "functions": functions(),
        "mappings": sorted(
            [one["FunctionArn"].split(":")[-1], one["EventSourceArn"].split(":")[-1]]
            for one in pages("lambda", "list_event_source_mappings", "EventSourceMappings")
        ),
        "rules": rules(),
        "logGroups": sorted(one["logGroupName"] for one in pages("logs", "describe_log_groups", "logGroups")),
        "aliases": sorted(one["AliasName"] for one in pages("kms", "list_aliases", "Aliases")),
    },
    sys.stdout,
)
