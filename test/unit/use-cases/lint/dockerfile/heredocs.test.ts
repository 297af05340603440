import { describe, expect, test } from 'vitest';
import { readDockerfile } from '#shared/use-cases/lint/dockerfile/read-dockerfile.ts';

/** The users that a Dockerfile sets, and what is said against it. */
function read(run: string) {
  const { instructions, problems } = readDockerfile(`FROM a:1.2\nUSER app\n${run}\nUSER root\n`);
  const users = instructions.filter(({ keyword }) => keyword === 'USER').map(({ command }) => command);
  return { users, problems };
}

describe('what is no heredoc for BuildKit swallows nothing of a Dockerfile', () => {
  test.for([
    'RUN ["sh","-c","cat <<EOF"]',
    'RUN sh -c "cat <<EOF"',
    "RUN bash -c 'cat <<EOF > x'",
    'RUN psql -c "select 1 <<2"',
    "RUN awk '{print 1 <<2}'",
    'RUN echo "$((1 <<2))"',
    'RUN x="a <<b" && y',
    'RUN python3 -c "print(2 <<3)"',
    'RUN printf "%s" "foo <<BAR"',
    'RUN echo \\<<EOF',
    'RUN cat<<EOF',
    'RUN cat << EOF',
    'RUN cat <<<EOF',
    'RUN cat <<- EOF',
    'COPY ["a <<b","/x"]',
    'COPY "a <<b" /x',
    'LABEL x=<<EOF',
    'CMD cat <<EOF',
    'ENV X <<EOF',
  ])('%s', (run) => {
    expect(read(run)).toEqual({ users: ['app', 'root'], problems: [] });
  });
});

describe('what is one holds what it holds', () => {
  test.for([
    ['RUN <<EOF\nUSER x\nEOF', ['USER x']],
    ['RUN 3<<EOF cat <&3\nUSER x\nEOF', ['USER x']],
    ["RUN cat <<'E O F'\nUSER x\nE O F", ['USER x']],
    ['RUN cat <<-EOF\n\tUSER x\n\tEOF', ['USER x']],
    ['RUN cat <<A <<B\nB\nA\nUSER x\nB', ['B', 'USER x']],
    ['RUN a \\\n # said\n <<EOF\nfoo \\\nEOF', ['foo \\']],
    ['ONBUILD RUN <<EOF\nUSER x\nEOF', ['USER x']],
    ['COPY <<"EOF" /x\r\nUSER x\r\nEOF\r', ['USER x']],
  ] as const)('%j', ([run, heredocs]) => {
    const { instructions } = readDockerfile(`FROM a:1.2\n${run}\nUSER root\n`);

    expect(instructions.flatMap((one) => one.heredocs)).toEqual(heredocs);
    expect(instructions.at(-1)).toMatchObject({ keyword: 'USER', command: 'root' });
  });

  test('lines keep their numbers', () => {
    const { instructions } = readDockerfile('FROM a:1.2\nRUN <<EOF\none\ntwo\nEOF\nUSER root\n');

    expect(instructions.map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  test.for(['RUN cat <<EOF', 'RUN cat <<$X', 'RUN cat <<1', 'RUN <<EOF\n  EOF'])(
    'one that does not end is said, with its line: %j',
    (run) => {
      expect(read(run).problems).toEqual([{ line: 3, message: 'has a heredoc that is not closed' }]);
    },
  );
});

test.for([
  ['RUN echo \\\\', 'has a line that ends with two escape characters'],
  ['RUN foo\rUSER app', 'has a carriage return within a line'],
])('what readers of Dockerfiles part in different ways is a problem, and never silence: %j', ([run, message]) => {
  expect(read(run as string).problems).toEqual([{ line: 3, message }]);
});
