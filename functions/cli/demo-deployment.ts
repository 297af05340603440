import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type Deployment, type DeploymentTemplate, deploy } from '#demo/deployment.ts';
import type { EventPattern } from '#demo/event-pattern.ts';
import type { DemoAccount } from '#demo/server.ts';

/** The regions of the demo account that are scanned; the functions are in the first. */
export const DEMO_REGIONS = ['us-east-1', 'eu-west-1'] as const;

/** The rules of the deployment's own template, not a copy of them. */
const RULES = new URL('../../infra/resources/rules.generated.yml', import.meta.url);
const CUSTOM_ACTION = new URL('../../infra/resources/custom-action.yml', import.meta.url);

interface RulesFragment {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: { readonly EventPattern: EventPattern } }>
  >;
}

/** What may differ between deployments in the demo account. */
export interface DemoDeploymentOptions extends Partial<Pick<DeploymentTemplate, 'configObjects' | 'recheckBatchSize'>> {
  /** More of hullcheck.yaml, by its own keys. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The topics that are configured; default: both. */
  readonly topicForms?: readonly (keyof Deployment['topics'])[];
}

/**
 * Deploys Hullcheck into the demo account, with the handlers that Lambda would call. Their environment becomes that of
 * this process. Works from the sources of the project only, because there the emulators are.
 */
export async function deployHullcheck(demo: DemoAccount, options: DemoDeploymentOptions = {}): Promise<Deployment> {
  const { config = {}, topicForms = ['human', 'machine'], ...template } = options;
  return deploy(demo, {
    ...template,
    region: DEMO_REGIONS[0],
    eventRegions: DEMO_REGIONS,
    rules: await templateRules(),
    // YAML takes JSON.
    config: (topics, changed = config) =>
      JSON.stringify({
        version: 1,
        scope: { regions: DEMO_REGIONS },
        accountNames: { [demo.world.accounts[0]?.id ?? '']: 'Tidewater Foods' },
        publish: { sns: { topics: Object.fromEntries(topicForms.map((form) => [form, topics[form]])) } },
        ...changed,
      }),
    load: async (environment) => {
      // What functions log and count goes to CloudWatch; here it would stand between the lines of the story.
      Object.assign(process.env, environment, {
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        POWERTOOLS_METRICS_DISABLED: 'true',
        POWERTOOLS_DEV: 'false',
      });
      const [plan, scan, recheck, finish, report, watch, respond, doctor, gate] = await Promise.all([
        import('#functions/plan/handler.ts'),
        import('#functions/scan/handler.ts'),
        import('#functions/recheck/handler.ts'),
        import('#functions/finish/handler.ts'),
        import('#functions/report/handler.ts'),
        import('#functions/watch/handler.ts'),
        import('#functions/respond/handler.ts'),
        import('#functions/doctor/handler.ts'),
        import('#functions/gate/handler.ts'),
      ]);
      return {
        plan: plan.handler,
        scan: scan.handler,
        recheck: recheck.handler,
        finish: finish.handler,
        report: report.handler,
        watch: watch.handler,
        respond: respond.handler,
        doctor: doctor.handler,
        gate: gate.handler,
      };
    },
  });
}

async function templateRules(): Promise<DeploymentTemplate['rules']> {
  return [...(await rulesOf(RULES, 'recheck')), ...(await rulesOf(CUSTOM_ACTION, 'respond'))];
}

async function rulesOf(file: URL, queue: 'recheck' | 'respond'): Promise<DeploymentTemplate['rules']> {
  // What the tags of CloudFormation stand for is of no concern for a pattern.
  const { Resources } = parse(await readFile(file, 'utf8'), { logLevel: 'error' }) as RulesFragment;
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::Events::Rule')
    .map(([name, { Properties }]) => ({ name, pattern: Properties.EventPattern, queue }));
}
