import { defineCheck } from '../../domain/check.ts';
import { IMAGE_PRACTICES } from '../../domain/image-practices.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { isWindows, judgeConfigurations } from './judge-images.ts';

export const imageCommandExecForm = defineCheck({
  id: 'image-command-exec-form',
  title: 'Container images should start their program in exec form',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'LOW',
  rationale: IMAGE_PRACTICES.commandExecForm.rationale,
  limits: 'Task definitions and pods may give another command; that is not looked at here.',
  remediation: {
    text: IMAGE_PRACTICES.commandExecForm.fix,
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.2'] },
  evaluate: (images) =>
    judgeConfigurations(images, (configuration, path) => {
      const { entrypoint, command } = configuration;
      if (isWindows(configuration)) return notApplicable('Windows containers are not stopped by signals');
      if (entrypoint === 'none' && command === 'none') return notApplicable('the image starts nothing by itself');
      // After an entry point in shell form the command is not even looked at.
      const [field, form] = entrypoint === 'shell' ? ['Entrypoint', entrypoint] : ['Cmd', command];
      if (form !== 'shell') return passed();
      return failed('the command of an image is in shell form', [
        { path: `${path}.${field}`, observed: 'shell form', expected: 'exec form' },
      ]);
    }),
});
