import { expect, test } from 'vitest';
import type { EcsClusterFact } from '#shared/collectors/ecs/model.ts';
import { FactStore } from '#shared/engine/fact-store.ts';

const HERE = { accountId: '111122223333', region: 'us-east-1', partition: 'aws' };
const THERE = { ...HERE, region: 'eu-west-1' };
const cluster = (region: string): EcsClusterFact => ({
  kind: 'ecs-cluster',
  key: `arn:aws:ecs:${region}:111122223333:cluster/prod`,
  accountId: '111122223333',
  region,
  observedAt: '2026-11-23T00:00:00.000Z',
  name: 'prod',
  runsOnFargate: true,
  runsOnEc2: false,
  hasTasks: true,
});
const store = () => new FactStore([HERE, THERE], new Map([['ecs-cluster', ['ecs']]]));

test('the absence of a fact means nothing until every unit has stated all of its own', () => {
  const facts = store();
  facts.markComplete({ kind: 'ecs-cluster', service: 'ecs', ...HERE });

  expect(facts.about('ecs-cluster')).toMatchObject({ complete: false, missing: ['ecs in 111122223333/eu-west-1'] });
  expect(facts.about('ecs-cluster', undefined, HERE)).toMatchObject({ complete: true, facts: [] });
});

test('a fact is found by kind, key and scope', () => {
  const facts = store();
  facts.add(cluster('us-east-1'));
  facts.add(cluster('eu-west-1'));

  expect(facts.about('ecs-cluster').facts).toHaveLength(2);
  expect(facts.about('ecs-cluster', cluster('us-east-1').key).facts).toEqual([cluster('us-east-1')]);
  expect(facts.about('ecs-cluster', undefined, THERE).facts).toEqual([cluster('eu-west-1')]);
});

test('a kind nobody states in this scan is never complete', () => {
  expect(store().about('eks-cluster').complete).toBe(false);
});

test('a scope that is not part of the scan is never complete', () => {
  const facts = store();
  facts.markComplete({ kind: 'ecs-cluster', service: 'ecs', ...HERE });

  expect(facts.about('ecs-cluster', undefined, { accountId: '999999999999' }).complete).toBe(false);
});

test('an incomplete answer says which permission would have completed it', () => {
  const facts = store();
  facts.noteGaps([
    {
      accountId: '111122223333',
      region: 'eu-west-1',
      service: 'ecs',
      operation: 'ecs:ListClusters',
      cause: 'denied',
      reason: 'ecs:ListClusters was denied.',
      missingPermission: 'ecs:ListClusters',
      count: 1,
    },
  ]);

  expect(facts.about('ecs-cluster', undefined, THERE).whyIncomplete).toMatchObject({
    kind: 'unreadable',
    missingPermission: 'ecs:ListClusters',
  });
  expect(facts.about('eks-cluster').whyIncomplete).toMatchObject({ kind: 'undecidable' });
});
