import type { Context } from 'aws-lambda';
import { parseEnvironment } from '#shared/config/lambda-environment.ts';
import { type Caller, LambdaApp } from '#shared/lambda/composition-root.ts';
import packageJson from '../package.json' with { type: 'json' };

let current: { readonly key: string; readonly app: LambdaApp } | undefined;

/**
 * The wiring of this execution environment: made at the first event, because only then the function knows whose it is,
 * and kept for the next ones.
 *
 * @throws ConfigError for an environment that lacks something
 */
export function lambdaApp({ invokedFunctionArn }: Context): LambdaApp {
  const environment = parseEnvironment(process.env);
  const caller = callerOf(invokedFunctionArn);
  const key = JSON.stringify([environment, caller]);
  if (current?.key !== key) {
    current = { key, app: new LambdaApp({ environment, caller, toolVersion: packageJson.version }) };
  }
  return current.app;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function callerOf(functionArn: string): Caller {
  const [, partition, , region, accountId] = functionArn.split(':');
  if (!partition || !region || !accountId) throw new Error(`"${functionArn}" is not the ARN of a function.`);
  return { partition, region, accountId };
}
