import type { Check } from '#shared/domain/check.ts';
import type { DockerIgnore } from '#shared/domain/dockerfile.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { Observed } from '#shared/domain/observed.ts';
import { dockerfile, GOOD_DOCKERFILE } from '#test/factories/dockerfile.ts';
import { judge } from '#test/support/judge.ts';

/** What a check says about the text of a Dockerfile. */
export async function judgeText(check: Check, text: string, dockerIgnore?: Observed<DockerIgnore>): Promise<Finding> {
  return judge(check, await dockerfile(text, dockerIgnore));
}

/** The good Dockerfile with one thing changed. */
export function changed(from: string | RegExp, to: string): string {
  const text = GOOD_DOCKERFILE.replace(from, to);
  if (text === GOOD_DOCKERFILE) throw new Error(`${from} is not in the Dockerfile`);
  return text;
}
