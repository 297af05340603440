import { isMap, isScalar, parseDocument } from 'yaml';

/** A parameter as CloudFormation takes it. */
export interface Parameter {
  readonly Type: 'String' | 'Number';
  readonly Description: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly string[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
}

/** A setting of a stage that whoever deploys the plain template may choose. */
export interface Setting {
  /** As the stage file calls it: `scanSchedule`. */
  readonly key: string;
  /** As the template calls it: `ScanScheduleExpression`. */
  readonly name: string;
  /** What stands in its place while the template is packaged: nothing else in the template may look like it. */
  readonly placeholder: string | number;
  readonly parameter: Parameter;
}

export interface StageSettings {
  readonly settings: readonly Setting[];
  /** What the template cannot leave open, as the stage file says it. */
  readonly fixed: Readonly<Record<string, string | number | boolean>>;
}

/** CloudFormation takes no reference there. */
const FIXED = new Set(['deletionPolicy']);

/** Where osls wants to see a value it knows, the placeholder is one that no stage uses. */
const KNOWN_VALUES: Readonly<Record<string, string | number>> = {
  logLevel: 'TRACE',
  logRetentionDays: 2922,
  scanConcurrency: 991,
  recheckConcurrency: 992,
  reportMemoryMB: 993,
};

const ALLOWED_VALUES: Readonly<Record<string, readonly string[]>> = {
  logLevel: ['DEBUG', 'INFO', 'WARN', 'ERROR'],
  reportObjectLockMode: ['GOVERNANCE', 'COMPLIANCE'],
  respond: ['DISABLED', 'ENABLED'],
};

/**
 * The settings of a stage as parameters: its values are their defaults, and the comment before a setting describes it.
 *
 * @param text a file of infra/stages
 * @throws Error where a setting is neither text, number nor boolean
 */
export function settingsOf(text: string): StageSettings {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new Error('A stage file has keys and values.');
  const settings: Setting[] = [];
  const fixed: Record<string, string | number | boolean> = {};
  for (const { key: keyNode, value: valueNode } of contents.items) {
    const value = isScalar(valueNode) ? valueNode.value : undefined;
    if (!isScalar(keyNode) || typeof keyNode.value !== 'string' || !isPlain(value)) {
      throw new Error(`The setting ${String(keyNode)} of a stage has to be text, a number, true or false.`);
    }
    const key = keyNode.value;
    if (FIXED.has(key)) {
      fixed[key] = value;
      continue;
    }
    // The first one has what is said about the stage before it, and a blank line between.
    const comment = keyNode.commentBefore?.split('\n\n').at(-1);
    settings.push({
      key,
      name: nameOf(key),
      placeholder: KNOWN_VALUES[key] ?? `hullcheck0placeholder0${key}`,
      parameter: {
        Type: typeof value === 'number' ? 'Number' : 'String',
        Description: comment?.replaceAll(/\s+/g, ' ').trim() ?? wordsOf(key),
        Default: typeof value === 'boolean' ? String(value) : value,
        ...allowed(key, value),
      },
    });
  }
  return { settings, fixed };
}

/** A parameter may not have the name of a resource, and schedules are resources. */
function nameOf(key: string): string {
  const name = key.charAt(0).toUpperCase() + key.slice(1);
  return name.endsWith('Schedule') ? `${name}Expression` : name;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function allowed(key: string, value: string | number | boolean): Pick<Parameter, 'AllowedValues'> {
  const values = typeof value === 'boolean' ? ['true', 'false'] : ALLOWED_VALUES[key];
  return values === undefined ? {} : { AllowedValues: values };
}

/** `logRetentionDays` → `Log retention days`. */
function wordsOf(key: string): string {
  const words = key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
