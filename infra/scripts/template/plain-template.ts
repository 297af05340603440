import type { Parameter, StageSettings } from './settings.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** A CloudFormation template. */
export interface CloudFormationTemplate {
  readonly AWSTemplateFormatVersion: string;
  readonly Description: string;
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Conditions?: JsonObject;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: JsonObject }>>;
  readonly Outputs: Readonly<Record<string, JsonObject>>;
}

export interface PlainTemplateInput {
  /** What osls packaged, with placeholders in place of settings. */
  readonly packaged: CloudFormationTemplate;
  readonly settings: StageSettings['settings'];
  /** The stage whose settings are the defaults. */
  readonly stage: string;
  readonly version: string;
  /** The object that holds the code of a function, by the name of its bundle: `scan` → `scan-0123456789abcdef.zip`. */
  readonly artifacts: ReadonlyMap<string, string>;
}

/** What stands in place of the stage's name while the template is packaged; osls makes names of it. */
export const STAGE_PLACEHOLDER = 'hullcheck0placeholder0stage';

/** What osls adds for its own deployments. */
const OF_OSLS = /^ServerlessDeploymentBucket/;

/** What every deployment has to say, and what it calls itself. */
const parametersOfDeployment = (stage: string): Readonly<Record<string, Parameter>> => ({
  ArtifactBucket: {
    Type: 'String',
    Description: 'Bucket in the region of the stack that holds the zip files',
    AllowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
    ConstraintDescription: 'is the name of a bucket, without s3://',
  },
  ArtifactPrefix: {
    Type: 'String',
    Description: 'Prefix of the zip files in the bucket; empty, or ends with a slash',
    Default: 'hullcheck/',
    AllowedPattern: '(?:[^/].*/)?',
    ConstraintDescription: 'is empty, or ends with a slash and does not begin with one',
  },
  Stage: {
    Type: 'String',
    Description: 'Part of the names of everything; one account and region can hold several stages',
    Default: stage,
    AllowedPattern: '[a-z][a-z0-9-]{0,19}',
    ConstraintDescription: 'has at most 20 small letters, digits and dashes',
  },
});

/**
 * Makes a template that needs nothing of osls: placeholders become parameters, code comes from a bucket that is named
 * when the stack is made, and what osls keeps for itself is gone.
 *
 * @throws Error where something of osls or a placeholder would be left, or a function has no artifact
 */
export function plainTemplate(input: PlainTemplateInput): CloudFormationTemplate {
  const { packaged, settings, stage, version, artifacts } = input;
  const references = [
    { name: 'Stage', placeholder: STAGE_PLACEHOLDER },
    ...settings.map(({ name, placeholder }) => ({ name, placeholder })),
  ];
  const own = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).filter(([id]) => !OF_OSLS.test(id)));
  const resources = Object.fromEntries(
    Object.entries(own(packaged.Resources)).map(([id, resource]) => [
      id,
      resource.Type === 'AWS::Lambda::Function' ? withCode(id, resource, artifacts) : resource,
    ]),
  );
  const template = {
    AWSTemplateFormatVersion: packaged.AWSTemplateFormatVersion,
    Description: `Hullcheck ${version}: checks containers on AWS. Made by npm run template.`,
    Parameters: {
      ...parametersOfDeployment(stage),
      ...Object.fromEntries(settings.map(({ name, parameter }) => [name, parameter])),
    },
    ...(withReferences(
      {
        Conditions: packaged.Conditions ?? {},
        Resources: resources,
        Outputs: own(packaged.Outputs),
      } as unknown as Json,
      references,
    ) as {
      Conditions: JsonObject;
      Resources: CloudFormationTemplate['Resources'];
      Outputs: CloudFormationTemplate['Outputs'];
    }),
  };
  const { Parameters, Conditions, Resources, Outputs } = template;
  const twice = Object.keys(Parameters).find((name) => name in Resources);
  if (twice !== undefined) throw new Error(`${twice} is a parameter and a resource: call the setting something else.`);
  const text = JSON.stringify({ Conditions, Resources, Outputs });
  for (const left of [/ServerlessDeployment\w+/, /hullcheck0placeholder0\w+/].flatMap((one) => one.exec(text) ?? [])) {
    throw new Error(`The plain template would still speak of ${left}.`);
  }
  return template;
}

function withCode<R extends { readonly Properties?: JsonObject }>(
  id: string,
  resource: R,
  artifacts: ReadonlyMap<string, string>,
): R {
  const key = (resource.Properties?.Code as { S3Key?: unknown } | undefined)?.S3Key;
  const name = typeof key === 'string' ? /([\w-]+)\.zip$/.exec(key)?.[1] : undefined;
  const artifact = artifacts.get(name ?? '');
  if (artifact === undefined) throw new Error(`${id} has no zip among ${[...artifacts.keys()].join(', ')}.`);
  const Code = { S3Bucket: { Ref: 'ArtifactBucket' }, S3Key: { 'Fn::Sub': `\${ArtifactPrefix}${artifact}` } };
  return { ...resource, Properties: { ...resource.Properties, Code } };
}

interface Reference {
  readonly name: string;
  readonly placeholder: string | number;
}

/** Puts references in place of placeholders, whether they are the whole value or a part of it. */
function withReferences(value: Json, references: readonly Reference[]): Json {
  const whole = references.find(({ placeholder }) => placeholder === value);
  if (whole !== undefined) return { Ref: whole.name };
  if (typeof value === 'string') {
    const escaped = value.replaceAll('${', '${!');
    const named = nameParts(escaped, references);
    return named === escaped ? value : { 'Fn::Sub': named };
  }
  if (Array.isArray(value)) return value.map((item) => withReferences(item, references));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'Fn::Sub' ? substituted(item, references) : withReferences(item, references),
    ]),
  );
}

/** What `Fn::Sub` is given names its parts already. */
function substituted(value: Json, references: readonly Reference[]): Json {
  if (typeof value === 'string') return nameParts(value, references);
  const [text, variables] = value as readonly [string, Json];
  return [nameParts(text, references), withReferences(variables, references)];
}

function nameParts(text: string, references: readonly Reference[]): string {
  // Values that osls knows are too common to be looked for inside of others.
  return references
    .filter(({ placeholder }) => String(placeholder).startsWith('hullcheck0placeholder0'))
    .reduce((named, { name, placeholder }) => named.replaceAll(String(placeholder), `\${${name}}`), text);
}
