/**
 * Builds what people deploy who have AWS credentials and nothing else: one CloudFormation template and the zip files it
 * names, in `build/cloudformation`. It follows from what `npm run package` makes, so that there is one description of the
 * deployment. The settings of the stage are the defaults of its parameters.
 *
 * `npm run template` bundles the functions first.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { type CloudFormationTemplate, plainTemplate, STAGE_PLACEHOLDER } from './template/plain-template.ts';
import { type StageSettings, settingsOf } from './template/settings.ts';

const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'prod' },
    bundles: { type: 'string', default: '.esbuild' },
    output: { type: 'string', default: 'build/cloudformation' },
  },
});
const root = new URL('../../', import.meta.url).pathname;
const bundles = resolve(root, values.bundles);
const output = resolve(root, values.output);

const stage = settingsOf(readFileSync(join(root, 'infra/stages', `${values.stage}.yml`), 'utf8'));
const artifacts = hashedNames();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const template = plainTemplate({ ...stage, packaged: packageIt(stage), stage: values.stage, version, artifacts });

mkdirSync(output, { recursive: true });
// A zip of an earlier build would be uploaded again.
for (const name of readdirSync(output)) if (/\.zip$|^template\.json$/.test(name)) rmSync(join(output, name));
const text = `${JSON.stringify(template, undefined, 2)}\n`;
// What is bundled is not always deployed.
const deployed = [...artifacts].filter(([, hashed]) => text.includes(hashed));
for (const [name, hashed] of deployed) copyFileSync(join(bundles, `${name}.zip`), join(output, hashed));
writeFileSync(join(output, 'template.json'), text);
process.stdout.write(
  `${values.output}/template.json built: ${Object.keys(template.Resources).length} resources, ` +
    `${Object.keys(template.Parameters ?? {}).length} parameters, ${(text.length / 1000).toFixed(0)} kB, ` +
    `beside ${deployed.length} zip files.\n`,
);

/** Names that say what is inside: CloudFormation replaces the code of a function when the name of its zip changes. */
function hashedNames(): ReadonlyMap<string, string> {
  const zips = readdirSync(bundles).filter((name) => name.endsWith('.zip'));
  return new Map(
    zips.sort().map((file) => {
      const hash = createHash('sha256')
        .update(readFileSync(join(bundles, file)))
        .digest('hex');
      const name = file.slice(0, -'.zip'.length);
      return [name, `${name}-${hash.slice(0, 16)}.zip`];
    }),
  );
}

/** Packages with osls, without credentials, each setting replaced by its placeholder. */
function packageIt({ settings, fixed }: StageSettings): CloudFormationTemplate {
  const directory = mkdtempSync(join(tmpdir(), 'hullcheck-template-'));
  try {
    const file = join(directory, 'settings.yml');
    const placeholders = Object.fromEntries(settings.map(({ key, placeholder }) => [key, placeholder]));
    writeFileSync(file, stringify({ ...fixed, ...placeholders }));
    // osls keeps its state beside what it packages, and two at a time would be in each other's way.
    const service = join(directory, 'service');
    for (const name of ['serverless.yml', 'package.json', 'infra', 'functions']) {
      cpSync(join(root, name), join(service, name), { recursive: true });
    }
    const run = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/serverless/bin/serverless.js'),
        ...['package', '--stage', STAGE_PLACEHOLDER, '--package', join(directory, 'package')],
        ...['--param', `settings=${file}`, '--param', `bundles=${bundles}`],
      ],
      { cwd: service, encoding: 'utf8' },
    );
    if (run.status !== 0) throw new Error(`osls could not package: ${run.stdout}${run.stderr}`);
    const packaged = readFileSync(join(directory, 'package/cloudformation-template-update-stack.json'), 'utf8');
    return JSON.parse(packaged) as CloudFormationTemplate;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
