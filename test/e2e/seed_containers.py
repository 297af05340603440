"""Makes a small container estate with boto3, somebody else's client, and prints what the tests need to know of it."""

import json

import boto3

REGION = "us-east-1"
ecr = boto3.client("ecr", region_name=REGION)
ecs = boto3.client("ecs", region_name=REGION)
eks = boto3.client("eks", region_name=REGION)
ec2 = boto3.client("ec2", region_name=REGION)
iam = boto3.client("iam", region_name=REGION)
guardduty = boto3.client("guardduty", region_name=REGION)
kms = boto3.client("kms", region_name=REGION)
account = boto3.client("sts", region_name=REGION).get_caller_identity()["Account"]


def put_image(repository, tag, layer):
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 2, "digest": "sha256:" + layer * 64},
        "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 1, "digest": "sha256:" + layer * 64}],
    }
    ecr.put_image(repositoryName=repository, imageManifest=json.dumps(manifest), imageTag=tag)


key = kms.create_key(Description="ecr")["KeyMetadata"]["Arn"]
ecr.create_repository(
    repositoryName="my-application",
    imageTagMutability="IMMUTABLE",
    imageScanningConfiguration={"scanOnPush": True},
    encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key},
)
ecr.put_lifecycle_policy(
    repositoryName="my-application",
    lifecyclePolicyText=json.dumps(
        {
            "rules": [
                {
                    "rulePriority": 1,
                    "selection": {"tagStatus": "tagged", "tagPrefixList": ["v"], "countType": "imageCountMoreThan", "countNumber": 10},
                    "action": {"type": "expire"},
                },
                {
                    "rulePriority": 2,
                    "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 1},
                    "action": {"type": "expire"},
                },
            ]
        }
    ),
)
put_image("my-application", "v1.2.3", "a")
ecr.create_repository(repositoryName="legacy")
put_image("legacy", "latest", "b")
ecr.set_repository_policy(
    repositoryName="legacy",
    policyText=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"]}]}
    ),
)

vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
subnets = [
    ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
    for index, zone in enumerate("ab")
]
group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
ec2.authorize_security_group_ingress(
    GroupId=group,
    IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
)

cluster = ecs.create_cluster(clusterName="prod", settings=[{"name": "containerInsights", "value": "enabled"}])["cluster"]["clusterArn"]
registry = f"{account}.dkr.ecr.{REGION}.amazonaws.com"
secure = ecs.register_task_definition(
    family="secure-app",
    networkMode="awsvpc",
    requiresCompatibilities=["FARGATE"],
    cpu="256",
    memory="512",
    executionRoleArn=f"arn:aws:iam::{account}:role/ecsTaskExecutionRole",
    taskRoleArn=f"arn:aws:iam::{account}:role/appTaskRole",
    containerDefinitions=[
        {
            "name": "app",
            "image": f"{registry}/my-application:v1.2.3",
            "essential": True,
            "readonlyRootFilesystem": True,
            "user": "1000:1000",
            "linuxParameters": {"capabilities": {"drop": ["ALL"]}, "initProcessEnabled": True},
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/secure-app"}},
            "secrets": [{"name": "DB_PASSWORD", "valueFrom": f"arn:aws:secretsmanager:{REGION}:{account}:secret:db-password"}],
            "healthCheck": {"command": ["CMD-SHELL", "wget -q --spider http://localhost:8080/health || exit 1"]},
        }
    ],
)["taskDefinition"]["taskDefinitionArn"]
# Assembled so that nothing that looks like a key stands in this file.
planted = "AKIA" + "QWERTYUIOPASDFGH"
bad = ecs.register_task_definition(
    family="bad-app",
    networkMode="host",
    pidMode="host",
    containerDefinitions=[
        {
            "name": "app",
            "image": "nginx:latest",
            "essential": True,
            "memory": 128,
            "privileged": True,
            "user": "0:0",
            "environment": [{"name": "AWS_ACCESS_KEY_ID", "value": planted}],
            "mountPoints": [{"sourceVolume": "docker", "containerPath": "/var/run/docker.sock"}],
        }
    ],
    volumes=[{"name": "docker", "host": {"sourcePath": "/var/run/docker.sock"}}],
)["taskDefinition"]["taskDefinitionArn"]
for family_index in range(12):
    ecs.register_task_definition(
        family=f"unused-{family_index:02d}",
        containerDefinitions=[{"name": "app", "image": "nginx:1.27", "essential": True, "memory": 64}],
    )
network = lambda public: {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [group], "assignPublicIp": public}}
ecs.create_service(
    cluster=cluster, serviceName="secure", taskDefinition=secure, desiredCount=1, launchType="FARGATE", networkConfiguration=network("DISABLED")
)
ecs.create_service(
    cluster=cluster, serviceName="open", taskDefinition=secure, desiredCount=1, launchType="FARGATE", networkConfiguration=network("ENABLED")
)
ecs.create_service(cluster=cluster, serviceName="bad", taskDefinition=bad, desiredCount=0, launchType="EC2")

role = iam.create_role(RoleName="eks", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
eks.create_cluster(name="blue", roleArn=role, resourcesVpcConfig={"subnetIds": subnets, "endpointPublicAccess": True}, version="1.34")
eks.create_nodegroup(clusterName="blue", nodegroupName="workers", subnets=subnets, nodeRole=role)

guardduty.create_detector(
    Enable=True,
    Features=[
        {"Name": "EKS_AUDIT_LOGS", "Status": "ENABLED"},
        {
            "Name": "RUNTIME_MONITORING",
            "Status": "ENABLED",
            "AdditionalConfiguration": [{"Name": "EKS_ADDON_MANAGEMENT", "Status": "ENABLED"}],
        },
    ],
)

print(json.dumps({"account": account, "planted": planted, "secure": secure, "bad": bad}))
