import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './all-checks.ts';

/** A value of a template: a literal, or an intrinsic function as an object. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

export interface TemplateResource {
  readonly id: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are data of many shapes, and a wrong path fails the assertion.
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly Condition?: string;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Value;
  readonly Action: string | readonly string[];
  readonly Resource?: Value;
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: Value } };
}

/** A policy statement with the logical id of the resource it was found in. */
export interface OwnedStatement extends Statement {
  readonly owner: string;
}

/** What `npm run package` makes, to be asked about. */
export interface Template {
  readonly path: string;
  readonly all: readonly TemplateResource[];
  readonly parameters: Readonly<Record<string, { readonly Default?: string }>>;
  ofType(type: string): readonly TemplateResource[];
  /** @throws Error where there is none */
  resource(id: string): TemplateResource;
  /** The statements that a role has, its own and those of its managed policies. */
  statementsOfRole(roleId: string): readonly OwnedStatement[];
  /** The statements of all policies of a type of resource, for example `AWS::SQS::QueuePolicy`. */
  statementsOf(type: string): readonly OwnedStatement[];
  remove(): void;
}

/** The functions of the deployment, as their resources are named. */
export const FUNCTIONS = ['Doctor', 'Finish', 'Gate', 'Plan', 'Recheck', 'Report', 'Respond', 'Scan', 'Watch'] as const;

/** Packages every stage with empty bundles: the template is the same whatever is in the zips. */
export function packageStages(): readonly (readonly [stage: string, template: Template])[] {
  const bundles = mkdtempSync(join(tmpdir(), 'hullcheck-no-bundles-'));
  try {
    for (const name of FUNCTIONS) writeFileSync(join(bundles, `${name.toLowerCase()}.zip`), '');
    return ['dev', 'prod'].map((stage) => [stage, packageTemplate(stage, bundles)] as const);
  } finally {
    rmSync(bundles, { recursive: true });
  }
}

/**
 * Packages the service as `npm run package` does, without credentials, into a directory of its own; and from one, because
 * osls keeps its state beside what it packages, where two at the same time would be in each other's way.
 *
 * @param bundles directory of the zips
 */
function packageTemplate(stage: string, bundles: string): Template {
  const directory = mkdtempSync(join(tmpdir(), 'hullcheck-package-'));
  const service = mkdtempSync(join(tmpdir(), 'hullcheck-service-'));
  for (const name of ['serverless.yml', 'package.json', 'infra', 'functions']) {
    cpSync(join(ROOT, name), join(service, name), { recursive: true });
  }
  const run = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/serverless/bin/serverless.js'),
      ...['package', '--stage', stage, '--package', directory, '--param', `bundles=${bundles}`],
    ],
    { cwd: service, encoding: 'utf8', env: withoutCredentials() },
  );
  rmSync(service, { recursive: true });
  if (run.status !== 0) throw new Error(`osls could not package ${stage}: ${run.stdout}${run.stderr}`);
  const path = join(directory, 'cloudformation-template-update-stack.json');
  const { Parameters, Resources } = JSON.parse(readFileSync(path, 'utf8')) as {
    Parameters: Template['parameters'];
    Resources: Record<string, Omit<TemplateResource, 'id'>>;
  };
  const all = Object.entries(Resources).map(([id, resource]) => ({ ...resource, id }));
  const resource = (id: string) => {
    const found = all.find((one) => one.id === id);
    if (found === undefined) throw new Error(`The template has no resource ${id}.`);
    return found;
  };
  return {
    path,
    all,
    parameters: Parameters,
    resource,
    ofType: (type) => all.filter(({ Type }) => Type === type),
    statementsOf: (type) => all.filter(({ Type }) => Type === type).flatMap(statementsIn),
    statementsOfRole: (roleId) => {
      const role = resource(roleId);
      const managed: readonly Value[] = role.Properties.ManagedPolicyArns ?? [];
      const attached = all.filter(
        ({ Type, Properties }) => Type === 'AWS::IAM::ManagedPolicy' && isAttachedTo(roleId, Properties),
      );
      return [role, ...managed.map((arn) => resource(targetOf(arn))), ...attached].flatMap(statementsIn);
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** A policy may name its roles, instead of the roles the policy. */
function isAttachedTo(roleId: string, { Roles = [] }: { readonly Roles?: readonly Value[] }): boolean {
  return Roles.some((role) => targetOf(role) === roleId);
}

/** The logical id that `Ref`, `Fn::GetAtt`, or `Fn::Sub` of nothing else names; the text itself where it is one. */
export function targetOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[]; 'Fn::Sub'?: string };
  return (
    reference.Ref ?? reference['Fn::GetAtt']?.[0] ?? /^\$\{(\w+)\.\w+\}$/.exec(reference['Fn::Sub'] ?? '')?.[1] ?? ''
  );
}

export function actionsOf({ Action }: Statement): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}

/** The resources a statement is about: logical ids, or ARNs as the template writes them. */
export function resourcesOf({ Resource }: Statement): readonly string[] {
  const values = Array.isArray(Resource) ? (Resource as readonly Value[]) : [Resource];
  return values.map((value) => targetOf(value) || ((value as { 'Fn::Sub'?: string } | undefined)?.['Fn::Sub'] ?? ''));
}

/** What a role is allowed, by its own and its managed policies. */
export function allowed(template: Template, roleId: string): readonly OwnedStatement[] {
  return template.statementsOfRole(roleId).filter(isAllowed);
}

/** Whether a role may do something to a resource of the template, unconditionally. */
export function mayDo(template: Template, roleId: string, action: string, resource: string): boolean {
  return allowed(template, roleId).some(
    (one) => actionsOf(one).includes(action) && resourcesOf(one).includes(resource) && one.Condition === undefined,
  );
}

export function isAllowed({ Effect }: Statement): boolean {
  return Effect === 'Allow';
}

/** Whether an action is of a service, for example `logs`. */
export function isOf(service: string): (action: string) => boolean {
  return (action) => action.startsWith(`${service}:`);
}

/** The statements of a role, a managed policy, a key, or a policy of a resource; not what trusts a role. */
function statementsIn({ id, Properties }: TemplateResource): readonly OwnedStatement[] {
  const documents: readonly { Statement: readonly Statement[] }[] = [
    ...[Properties.PolicyDocument, Properties.KeyPolicy].filter((document) => document !== undefined),
    ...(Properties.Policies ?? []).map((policy: { PolicyDocument: object }) => policy.PolicyDocument),
  ];
  return documents.flatMap(({ Statement }) => Statement.map((statement) => ({ ...statement, owner: id })));
}

function withoutCredentials(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const nowhere = join(tmpdir(), 'there-is-no-such-file');
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
