import type { ClassifiedText } from './secret.ts';
import { type Failed, failed } from './verdict.ts';

/** A text that may hold a secret, and where it stands. */
export interface SecretText {
  readonly path: string;
  readonly text: ClassifiedText;
  /** The name of an environment variable. */
  readonly variable?: string;
}

/** Variables from which AWS tools and agents take credentials: whatever they hold is one. */
const CREDENTIAL_VARIABLES = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'ECS_ENGINE_AUTH_DATA',
]);

/**
 * The failure that a text is, without its value, its length or anything computed from them; undefined where the
 * detectors found nothing.
 *
 * @param expected what should stand there instead
 */
export function plaintextFailure({ path, text, variable }: SecretText, expected: string): Failed | undefined {
  const evidence = (detectors: readonly string[]) => [{ path, observed: [...new Set(detectors)].sort(), expected }];
  const byValue = text.detections.filter(({ confidence }) => confidence === 'value');
  if (byValue.length > 0)
    return failed('a secret stands in plain text', evidence(byValue.map(({ detector }) => detector)));
  if (variable !== undefined && CREDENTIAL_VARIABLES.has(variable) && text.length > 0)
    return failed('a secret stands in plain text', evidence(['credential-variable']));
  if (text.detections.length === 0) return undefined;
  return failed('a name suggests a secret in plain text', evidence(text.detections.map(({ detector }) => detector)), {
    severity: 'LOW',
    because: 'the name alone suggests a secret',
  });
}
