import type { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import type { Dockerfile, DockerfileBase } from '../../domain/dockerfile.ts';
import { judgePinned, pinnedImageParameters, shownImage } from '../../domain/image-judgement.ts';
import { notApplicable, unknownBecause, type Verdict, worstOf } from '../../domain/verdict.ts';
import { flagOf, instructionsOf, stageNamed } from './stages.ts';

type Parameters = z.output<typeof pinnedImageParameters>;

/** Each image from outside the file decides what is built: those of `FROM`, and those that files are copied from. */
export const dockerfileBasePinned = defineCheck({
  id: 'dockerfile-base-pinned',
  title: 'Dockerfiles should pin base images to a version or a digest',
  resourceType: 'Dockerfile',
  baseSeverity: 'MEDIUM',
  rationale:
    'With latest or another floating tag the same Dockerfile builds another image tomorrow: nobody can build the old one again, and who can push the base decides what is in yours.',
  limits:
    'A tag is judged by its name, as ecs-task-image-pinned does. A build argument counts with the default it has in the file, whatever --build-arg gives; without a default the image is not known. Judges FROM, COPY --from and RUN --mount=from of every stage.',
  remediation: {
    text: 'Name each base image with a version tag that names one release, such as node:20.11-alpine3.19, or with its digest, and let a bot propose updates.',
    url: 'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.2'] },
  parameters: pinnedImageParameters,
  evaluate: (dockerfile, { parameters }) =>
    worstOf(
      [
        ...dockerfile.stages.map(({ base, path }) => judgeBase(base, path, parameters)),
        ...imagesCopiedFrom(dockerfile).map(({ image, path }) =>
          /[:/@$]/.test(image) ? judgeImage(image, image, path, parameters) : mayBeContext(image, path),
        ),
      ],
      notApplicable('no image from outside the file is used'),
    ),
});

function judgeBase(base: DockerfileBase, path: string, parameters: Parameters): Verdict {
  if (base.kind !== 'image') return notApplicable('no image from outside the file is used');
  return judgeImage(base.image, base.written, path, parameters);
}

/** A name without tag and registry: the newest of an image, or a context that the command line gives (--build-context). */
function mayBeContext(image: string, path: string): Verdict {
  return unknownBecause(
    { kind: 'undecidable', message: 'A name is that of an image without a tag, or of a build context.' },
    [{ path, observed: shownImage(image), expected: 'a version tag or a digest' }],
  );
}

function judgeImage(image: string, written: string, path: string, parameters: Parameters): Verdict {
  if (image.includes('$')) {
    return unknownBecause(
      { kind: 'undecidable', message: 'A build argument without a default decides about an image.' },
      [{ path, observed: shownImage(written), expected: 'a version tag or a digest' }],
    );
  }
  return judgePinned({ image, path }, parameters);
}

function imagesCopiedFrom(dockerfile: Dockerfile): readonly { readonly image: string; readonly path: string }[] {
  return instructionsOf(dockerfile.stages).flatMap((instruction) => {
    const mounts = instruction.flags.flatMap(({ name, value }) =>
      name === 'mount' ? (/(?:^|,)from=([^,]+)/.exec(value)?.[1] ?? []) : [],
    );
    return [flagOf(instruction, 'from') ?? [], mounts]
      .flat()
      .filter((image) => stageNamed(dockerfile, image) === undefined && image !== 'scratch')
      .map((image) => ({ image, path: instruction.path }));
  });
}
