import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import type { Dockerfile, DockerIgnore } from '#shared/domain/dockerfile.ts';
import { known, type Observed } from '#shared/domain/observed.ts';
import { dockerfileResource } from '#shared/use-cases/lint/dockerfile-document.ts';

const classify = createClassifier({ hashKey: new Uint8Array(32) });

/** A Dockerfile that follows every practice. */
export const GOOD_DOCKERFILE = `FROM node:20.11-alpine3.19 AS builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force

FROM node:20.11-alpine3.19
RUN apk upgrade --no-cache
WORKDIR /app
COPY --from=builder /app/node_modules ./node_modules
COPY src/ src/
USER 1000:1000
CMD ["node", "src/server.js"]
`;

/** The patterns of a `.dockerignore` that keeps out what does not belong into an image. */
export const GOOD_IGNORE = known(['.git', '.env*', 'node_modules']);

/**
 * A text read as a Dockerfile.
 *
 * @throws Error with the problems of one that Docker would refuse
 */
export async function dockerfile(
  text: string,
  dockerIgnore: Observed<DockerIgnore> = GOOD_IGNORE,
): Promise<Dockerfile> {
  const read = await dockerfileResource('Dockerfile', text, dockerIgnore, classify);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.linted.resource as Dockerfile;
}

const good = await dockerfile(GOOD_DOCKERFILE);
const others = [
  await dockerfile(
    `ARG TOKEN\nFROM golang AS build\nRUN sudo apt-get update && npm install\nCOPY . /src\nFROM build\nADD https://example.com/a /a\nENV PASSWORD=$TOKEN\nRUN pip install -r requirements-dev.txt\nCOPY --from=build /src /src\nRUN rm -rf .git\nENTRYPOINT node a.js\n`,
    known(null),
  ),
  await dockerfile('FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nCOPY . .\n'),
  await dockerfile(
    'ARG BASE\nFROM ${BASE}\nARG WHO\nUSER ${WHO}\nCOPY .env /\nADD ${FILE} /\nCMD ["sh", "-c", "node a.js"]\n',
  ),
];

/** One that follows every practice, for those who cannot wait. */
export function goodDockerfile(): Dockerfile {
  return structuredClone(good);
}

/** Some that do not, or that run on Windows, or of which little is known. */
export const otherDockerfiles: readonly (() => Dockerfile)[] = others.map((other) => () => structuredClone(other));
