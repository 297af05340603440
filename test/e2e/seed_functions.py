"""What a deployment and its customer do in two regions, with boto3, somebody else's client.

`seed_functions.py deploy` makes table, queues, topic and buckets, and a small estate; `privileged REGION`,
`unprivileged REGION` and `delete REGION` change it. Prints what the test needs to know.
"""

import json
import sys

import boto3

REGIONS = ["us-east-1", "eu-west-1"]
HOME = REGIONS[0]
REPOSITORY = "shop"
account = boto3.client("sts", region_name=HOME).get_caller_identity()["Account"]


def queue(name):
    sqs = boto3.client("sqs", region_name=HOME)
    dead = sqs.create_queue(QueueName=f"{name}-dead-letters")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
    return sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "60"})["QueueUrl"]


def table(name):
    def keys(partition, sort):
        return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]

    boto3.client("dynamodb", region_name=HOME).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ["pk", "sk", "queue", "queuedSince"]],
        KeySchema=keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {"IndexName": "queue", "KeySchema": keys("queue", "queuedSince"), "Projection": {"ProjectionType": "KEYS_ONLY"}}
        ],
    )
    return name


def topic():
    sns, sqs = boto3.client("sns", region_name=HOME), boto3.client("sqs", region_name=HOME)
    arn = sns.create_topic(Name="hullcheck-machine")["TopicArn"]
    inbox = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    endpoint = sqs.get_queue_attributes(QueueUrl=inbox, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=endpoint, Attributes={"RawMessageDelivery": "true"})
    return arn, inbox


def estate(region):
    ecr, ecs = (boto3.client(service, region_name=region) for service in ["ecr", "ecs"])
    boto3.client("securityhub", region_name=region).enable_security_hub(EnableDefaultStandards=False)
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 2, "digest": "sha256:" + "a" * 64},
        "layers": [],
    }
    for name in [REPOSITORY, "legacy"]:
        ecr.create_repository(repositoryName=name)
        ecr.put_image(repositoryName=name, imageManifest=json.dumps(manifest), imageTag="v1")
    ecs.create_cluster(clusterName="prod")
    revision = register(region, privileged=False)
    ecs.create_service(cluster="prod", serviceName="shop", taskDefinition=revision, desiredCount=1, launchType="EC2")
    # moto forgets the pending task of a service when it is updated: that shall not happen in the middle of the story.
    ecs.update_service(cluster="prod", service="shop", taskDefinition=revision)


def register(region, privileged):
    image = f"{account}.dkr.ecr.{region}.amazonaws.com/{REPOSITORY}:v1"
    container = {"name": "app", "image": image, "essential": True, "memory": 128, "user": "1000", "privileged": privileged}
    ecs = boto3.client("ecs", region_name=region)
    return ecs.register_task_definition(family="shop", containerDefinitions=[container])["taskDefinition"]["taskDefinitionArn"]


def roll_out(region, privileged):
    revision = register(region, privileged)
    boto3.client("ecs", region_name=region).update_service(cluster="prod", service="shop", taskDefinition=revision)


def deploy():
    topic_arn, inbox = topic()
    s3 = boto3.client("s3", region_name=HOME)
    for bucket in ["hullcheck-config", "hullcheck-report"]:
        s3.create_bucket(Bucket=bucket)
    config = {
        "version": 1,
        "scope": {"regions": REGIONS},
        "publish": {"sns": {"topics": {"machine": topic_arn}}},
        # What moto does not implement stays so, however often it is asked.
        "aws": {"maxAttempts": 2},
    }
    s3.put_object(Bucket="hullcheck-config", Key="hullcheck.yaml", Body=json.dumps(config).encode())
    for region in REGIONS:
        estate(region)
    return {
        "account": account,
        "table": table("hullcheck"),
        "unit": queue("unit"),
        "recheck": queue("recheck"),
        "finish": queue("finish"),
        "inbox": inbox,
        "configBucket": "hullcheck-config",
        "reportBucket": "hullcheck-report",
    }


actions = {
    "deploy": deploy,
    "privileged": lambda region: roll_out(region, privileged=True),
    "unprivileged": lambda region: roll_out(region, privileged=False),
    "delete": lambda region: boto3.client("ecr", region_name=region).delete_repository(repositoryName="legacy", force=True),
}
if __name__ == "__main__":
    print(json.dumps(actions[sys.argv[1]](*sys.argv[2:]), default=str))
