import type { FrameworkRequirement } from '../../domain/framework.ts';

/** The user guide of AWS Security Hub CSPM, which documents every control. */
export const USER_GUIDE = 'https://docs.aws.amazon.com/securityhub/latest/userguide';

/** Controls of AWS with the place that documents each, and that says what else names it ("Related requirements"). */
export function documented(controls: readonly FrameworkRequirement[]): readonly FrameworkRequirement[] {
  return controls.map((control) => {
    const id = control.id.toLowerCase();
    const [service = ''] = id.split('.');
    return { ...control, sourceUrl: `${USER_GUIDE}/${service}-controls.html#${id.replace('.', '-')}` };
  });
}
