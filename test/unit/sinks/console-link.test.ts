import { expect, it } from 'vitest';
import { consoleLink } from '#shared/sinks/console-link.ts';
import { taskDefinitionReference } from '../../factories/finding.ts';

it('links to the console of the resource’s own partition (T90)', () => {
  expect(consoleLink(taskDefinitionReference())).toBe(
    'https://us-east-1.console.aws.amazon.com/ecs/v2/task-definitions/secure-app?region=us-east-1',
  );
  expect(consoleLink(taskDefinitionReference({ partition: 'aws-cn', region: 'cn-north-1' }))).toBe(
    'https://console.amazonaws.cn/ecs/v2/task-definitions/secure-app?region=cn-north-1',
  );
  expect(consoleLink(taskDefinitionReference({ partition: 'aws-us-gov', region: 'us-gov-west-1' }))).toMatch(
    /^https:\/\/console\.amazonaws-us-gov\.com\//,
  );
});

it('gives no link where it knows none', () => {
  expect(consoleLink(taskDefinitionReference({ type: 'KubernetesWorkload' }))).toBeUndefined();
  expect(consoleLink(taskDefinitionReference({ partition: 'aws-iso' }))).toBeUndefined();
});

it('escapes hostile names', () => {
  expect(consoleLink(taskDefinitionReference({ name: 'a/../b?x=<script>' }))).toContain(
    'a%2F..%2Fb%3Fx%3D%3Cscript%3E',
  );
});
