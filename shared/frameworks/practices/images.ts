import type { FrameworkRequirement } from '../../domain/framework.ts';

const LAYERS = 'layers are looked into only where images.layers is set';

/** Images, and how they are built. A Dockerfile is in no account: what only it shows is for `hullcheck lint`. */
export const images: readonly FrameworkRequirement[] = [
  {
    id: 'images/base-version',
    title: 'Images are built on a version that is named, never on latest',
    checks: ['dockerfile-base-pinned'],
    byHand:
      'Run hullcheck lint on the Dockerfiles in the pipeline and read a recent result: an image does not carry its FROM lines.',
  },
  {
    id: 'images/base-supported',
    title: 'Images are built on a release that still gets security updates',
    checks: ['image-base-supported'],
  },
  {
    id: 'images/non-root',
    title: 'Images run as a user other than root',
    checks: ['image-user-nonroot'],
    related: ['dockerfile-user-nonroot'],
  },
  {
    id: 'images/minimal',
    title: 'Images hold what runs and no build tools',
    checks: ['image-no-build-tools'],
    note: 'what an image holds is seen only where images.layers is set; else what its build history installs',
    related: ['dockerfile-multi-stage', 'dockerfile-production-dependencies'],
  },
  {
    id: 'images/updated',
    title: 'Images have their security updates and are rebuilt regularly',
    checks: ['image-recently-built'],
    related: ['dockerfile-packages-upgraded'],
  },
  {
    id: 'images/clean-layers',
    title: 'No keys, histories or environment files lie in any layer',
    checks: ['image-layers-clean'],
    related: ['dockerfile-copy-scoped'],
    note: LAYERS,
  },
  {
    id: 'images/no-secrets',
    title: 'No secrets stand in the configuration or the build history of images',
    checks: ['image-no-secrets-in-config', 'image-no-secrets-in-history'],
    related: ['dockerfile-no-secrets'],
  },
  {
    id: 'images/exec-form',
    title: 'Commands are given in exec form',
    checks: ['image-command-exec-form'],
    related: ['dockerfile-command-exec-form'],
  },
  {
    id: 'images/tidy-build',
    title: 'Builds fetch nothing unchecked, clean up, and do without sudo',
    checks: ['dockerfile-no-add-url', 'dockerfile-package-cache-cleaned', 'dockerfile-no-sudo'],
    byHand: 'Run hullcheck lint on the Dockerfiles in the pipeline and read a recent result.',
  },
  {
    id: 'images/surface',
    title: 'Images offer no port for remote administration',
    checks: ['image-no-remote-shell-port'],
  },
  {
    id: 'images/set-uid',
    title: 'No programs in images run as another user than who starts them',
    checks: ['image-no-setuid'],
    note: LAYERS,
  },
  {
    id: 'images/scanned',
    title: 'Images are scanned, and what is critical does not reach production',
    checks: ['image-scanned', 'image-no-critical-vulnerabilities', 'image-no-exploitable-vulnerabilities'],
    related: ['ecr-repository-scanning-enabled', 'inspector-ecr-enabled'],
  },
  {
    id: 'images/high-vulnerabilities',
    title: 'Images have no vulnerabilities of high severity',
    checks: ['image-no-high-vulnerabilities'],
  },
  {
    id: 'images/continuous-scan',
    title: 'Images are scanned again when a new vulnerability is known',
    checks: ['inspector-ecr-enabled'],
  },
  {
    id: 'images/signed',
    title: 'Images are signed',
    checks: ['image-signed'],
    note: 'asked only where the registry signs, or trusted publishers are named',
  },
  { id: 'images/contents', title: 'What images are made of is listed', checks: ['image-sbom-attached'] },
  {
    id: 'images/available',
    title: 'Images that run can be pulled again',
    checks: ['image-in-use-available'],
  },
];
