import { rules } from '@secretlint/secretlint-rule-preset-recommend';

type RuleContext = Parameters<(typeof rules)[number]['create']>[0];
type SourceCode = Parameters<NonNullable<ReturnType<(typeof rules)[number]['create']>['file']>>[0];

/**
 * Left out: `filter-comments`, because a comment inside a value must not switch detection off, and the rules for URLs
 * with credentials, which know only some schemes and accept `root` and `admin` as placeholders
 * (`findValueDetectors` covers every scheme).
 */
const LEFT_OUT = /-rule-(?:filter-comments|basicauth|database-connection-string)$/;
const SCANNERS = rules.filter((rule) => rule.meta.type === 'scanner' && !LEFT_OUT.test(rule.meta.id));

/** No rule of the preset can match a text without one of these: most values are short words and end here. */
const WORTH_SCANNING = /[\w+/=.-]{16}|_authToken=/;

/**
 * Runs secretlint's recommended rules over one text.
 *
 * The rules are called directly instead of through `lintSource` of @secretlint/core: its profiler keeps every mark of
 * every run and searches all of them each time, so that a hundred thousand texts would take hours and gigabytes.
 *
 * @param name the name of the text: some rules know a value only beside it, so both are given as an assignment
 * @returns ids such as `github-token` and `slack-incoming-webhook`; never a part of the text
 * @throws Error naming the rule, without the text, when a rule fails
 * @see https://github.com/secretlint/secretlint/blob/master/docs/secretlint-rule.md
 */
export async function findSecretlintDetectors(name: string, text: string): Promise<readonly string[]> {
  if (!WORTH_SCANNING.test(text)) return [];
  const found = new Set<string>();
  const source = sourceOf(`${name}=${text}`);
  for (const rule of SCANNERS) {
    const ruleName = rule.meta.id.replace(/^@secretlint\/secretlint-rule-/, '');
    const context: RuleContext = {
      sharedOptions: {},
      // Messages of secretlint quote the secret, so no message is ever made: only its id is kept.
      createTranslator: () => (messageId) => ({ message: '', messageId: String(messageId), data: undefined }),
      report: ({ message }) => found.add(detectorId(ruleName, message.messageId)),
      ignore: () => undefined,
    };
    try {
      await rule.create(context, {}).file?.(source);
    } catch {
      throw new Error(`The secret detection rule ${ruleName} failed on a text of ${text.length} characters.`);
    }
  }
  return [...found];
}

/** The rule and its message as one id: `github` and `GITHUB_TOKEN` are `github-token`. */
function detectorId(ruleName: string, messageId: string): string {
  const words = messageId
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
  return words.startsWith(ruleName) || words.endsWith(ruleName) ? words : `${ruleName}-${words}`;
}

/** A text that is no file: rules that look at paths or read files find none. */
function sourceOf(content: string): SourceCode {
  const noPosition = (): never => {
    throw new Error('Positions inside a classified text are not kept.');
  };
  return {
    hasBOM: false,
    content,
    filePath: undefined,
    physicalFilePath: undefined,
    contentType: 'text',
    ext: '',
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: noPosition,
    rangeToLocation: noPosition,
    positionToIndex: noPosition,
    indexToPosition: noPosition,
  };
}
