import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { areaOf, type ControlMap, type FrameworkId } from '#shared/domain/check.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { frameworks } from '#shared/frameworks/index.generated.ts';
import { allChecks, checkFiles, exportedChecks, ROOT } from '#test/support/all-checks.ts';

/** The ids of the catalogue: permanent, so that none can vanish or be renamed unnoticed. Additions are welcome. */
const CATALOGUE = {
  ecr: [
    'ecr-registry-scanning-covers-all',
    'ecr-registry-policy-not-public',
    'ecr-registry-signing-configured',
    'ecr-creation-template-hardened',
    'ecr-repository-scanning-enabled',
    'ecr-repository-tags-immutable',
    'ecr-repository-lifecycle-policy',
    'ecr-repository-untagged-expire',
    'ecr-repository-lifecycle-spares-in-use',
    'ecr-repository-customer-key',
    'ecr-repository-not-public',
    'ecr-repository-no-foreign-push',
  ],
  ecs: [
    'ecs-task-not-privileged',
    'ecs-task-user-nonroot',
    'ecs-task-windows-user-nonadmin',
    'ecs-task-root-filesystem-readonly',
    'ecs-task-capabilities-dropped',
    'ecs-task-no-dangerous-capabilities',
    'ecs-task-no-new-privileges',
    'ecs-task-no-host-network',
    'ecs-task-network-awsvpc',
    'ecs-task-no-host-namespaces',
    'ecs-task-no-host-mounts',
    'ecs-task-no-container-socket',
    'ecs-task-no-plaintext-secrets',
    'ecs-task-logging-configured',
    'ecs-task-init-process-enabled',
    'ecs-task-health-check-present',
    'ecs-task-resources-bounded',
    'ecs-task-image-pinned',
    'ecs-task-image-trusted-registry',
    'ecs-task-roles-separate',
    'ecs-task-efs-encrypted-in-transit',
    'ecs-task-efs-iam-authorized',
    'ecs-task-fault-injection-off',
    'ecs-service-no-public-ip',
    'ecs-service-security-group-restricted',
    'ecs-taskset-no-public-ip',
    'ecs-service-platform-current',
    'ecs-service-exec-off',
    'ecs-service-connect-encrypted',
    'ecs-service-images-resolved',
    'ecs-service-gate-attached',
    'ecs-service-revision-active',
    'ecs-service-tasks-current',
    'ecs-cluster-container-insights-enabled',
    'ecs-cluster-exec-logged-encrypted',
    'ecs-cluster-storage-customer-key',
    'ecs-cluster-agents-current',
    'ecs-instance-imds-restricted',
    'ecs-instance-ami-current',
    'ecs-capacity-provider-managed-termination',
  ],
  eks: [
    'eks-cluster-endpoint-private',
    'eks-cluster-endpoint-restricted',
    'eks-cluster-version-supported',
    'eks-cluster-version-standard-support',
    'eks-cluster-secrets-customer-key',
    'eks-cluster-logging-enabled',
    'eks-cluster-audit-logs-retained',
    'eks-cluster-access-entries-used',
    'eks-cluster-admins-bounded',
    'eks-cluster-identity-providers-known',
    'eks-cluster-deletion-protection',
    'eks-cluster-network-policy-enforced',
    'eks-cluster-addons-healthy',
    'eks-cluster-insights-clean',
    'eks-nodegroup-private',
    'eks-nodegroup-no-open-ssh',
    'eks-nodegroup-ami-supported',
    'eks-nodegroup-release-current',
    'eks-nodegroup-version-supported',
    'eks-node-imds-restricted',
  ],
  guardduty: [
    'guardduty-detector-enabled',
    'guardduty-eks-audit-logs-enabled',
    'guardduty-eks-runtime-enabled',
    'guardduty-eks-agent-managed',
    'guardduty-ecs-runtime-enabled',
    'guardduty-ec2-runtime-enabled',
    'guardduty-malware-protection-enabled',
    'guardduty-coverage-healthy',
    'guardduty-members-auto-enabled',
    'guardduty-findings-triaged',
  ],
  inspector: ['inspector-ecr-enabled'],
} as const;

describe('the catalogue', () => {
  test.for(Object.entries(CATALOGUE))('has every check of %s', ([, ids]) => {
    const missing = ids.filter((id) => !exportedChecks.has(id));

    expect(missing, 'these ids are permanent: bring their files back').toEqual([]);
  });

  test('has 83 permanent ids', () => {
    expect(new Set(Object.values(CATALOGUE).flat()).size).toBe(83);
  });

  test('is accepted by the registry as a whole', () => {
    expect(() => createRegistry(allChecks)).not.toThrow();
  });
});

describe.for(checkFiles.map((file) => [file.id, file] as const))('%s', ([id, file]) => {
  const check = exportedChecks.get(id);
  const source = join('shared/checks', file.specifier);

  test('is what its file name says', () => {
    expect(check, `${source} must export ${file.exportName}`).toBeDefined();
    expect(check?.id, `the id in ${source} must be the file name`).toBe(id);
    expect(source.split('/').at(-2), `${source} must lie in the folder of its area`).toBe(areaOf(id));
  });

  test('has a test of its own and a page', () => {
    const testFile = `test/unit/checks/${areaOf(id)}/${id}.test.ts`;

    expect(existsSync(join(ROOT, testFile)), `write ${testFile}`).toBe(true);
    expect(readFileSync(join(ROOT, testFile), 'utf8'), `${testFile} must import the check it is named after`).toMatch(
      new RegExp(`import \\{[^}]*\\b${file.exportName}\\b[^}]*\\} from '[^']*/${id}\\.ts'`),
    );
    expect(existsSync(join(ROOT, `docs/checks/${id}.md`)), 'run npm run generate').toBe(true);
  });

  test('says what should be, why, and how to get there', () => {
    expect(check?.title, 'the title says what should be, as Security Hub does').toMatch(/^[A-Z].* should .*[^.]$/);
    expect(check?.title, 'the title never says "Ensure"').not.toMatch(/\bensure\b/i);
    expect(check?.rationale.length, 'the rationale names the risk in 30 to 400 characters').toSatisfy(
      (length: number) => length >= 30 && length <= 400,
    );
    expect(check?.remediation.text, 'the remediation is a sentence').toMatch(/^[A-Z].*\.$/s);
    expect(check?.remediation.url, 'the remediation is an official page').toMatch(
      /^https:\/\/(docs\.aws\.amazon\.com|kubernetes\.io)\//,
    );
  });

  test('describes each of its parameters and has a default for all', () => {
    const schema = check?.parameters;
    if (schema === undefined) return;
    const shape = (schema as { shape?: Record<string, { description?: string }> }).shape ?? {};
    const undescribed = Object.entries(shape).filter(([, parameter]) => !parameter.description);

    expect(
      undescribed.map(([name]) => name),
      'say what they mean with .describe()',
    ).toEqual([]);
    expect(schema.safeParse({}).success, 'a check must run without configuration').toBe(true);
  });

  test('names only requirements that exist', () => {
    expect(unknownRequirements(check?.frameworks ?? {}), 'see shared/frameworks').toEqual([]);
    expect(unknownRequirements(check?.relatedControls ?? {}), 'see shared/frameworks').toEqual([]);
  });

  test('overlaps only with controls of AWS that it says it judges the same as', () => {
    const same = [...(check?.frameworks['aws-fsbp'] ?? []), ...(check?.frameworks['aws-security-hub'] ?? [])];

    expect(check?.overlapsWith ?? []).toEqual(same);
  });

  test('does not call a control both the same and related', () => {
    const related = requirementsOf(check?.relatedControls ?? {});

    expect(requirementsOf(check?.frameworks ?? {}).filter((name) => related.includes(name))).toEqual([]);
  });
});

describe.for(frameworks.map((framework) => [framework.id, framework] as const))('framework %s', ([id, framework]) => {
  test('has each requirement once', () => {
    const ids = framework.requirements.map((requirement) => requirement.id);

    expect(ids.filter((own, index) => ids.indexOf(own) !== index)).toEqual([]);
  });

  test('is in the file of its name', () => {
    expect(existsSync(join(ROOT, 'shared/frameworks', `${id}.ts`))).toBe(true);
  });
});

function requirementsOf(controls: ControlMap): readonly string[] {
  return Object.entries(controls).flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`));
}

function unknownRequirements(controls: ControlMap): readonly string[] {
  const requirements = (id: FrameworkId) => frameworks.find((framework) => framework.id === id)?.requirements ?? [];
  return (Object.keys(controls) as FrameworkId[]).flatMap((framework) =>
    (controls[framework] ?? [])
      .filter((id) => !requirements(framework).some((requirement) => requirement.id === id))
      .map((id) => `${framework}/${id}`),
  );
}
