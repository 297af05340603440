/** The repository in the ARN of one; names may hold slashes. Undefined for any other ARN. */
export function repositoryNameOf(arn: string): string | undefined {
  return /^arn:[\w-]+:ecr:[\w-]+:\d{12}:repository\/([a-z0-9][a-z0-9._/-]*)$/.exec(arn)?.[1];
}
