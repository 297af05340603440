import { expect, test } from 'vitest';
import { isUsualSetuid } from '#shared/domain/image-layers.ts';

test.for(['bin/su', 'usr/bin/passwd', 'usr/sbin/unix_chkpwd', 'usr/lib/openssh/ssh-keysign', 'usr/libexec/sudo/ping'])(
  '%s is what distributions bring',
  (path) => {
    expect(isUsualSetuid(path)).toBe(true);
  },
);

test.for(['app/su', 'tmp/sudo', 'usr/local/bin/mount', 'usr/bin/own'])('%s is not, whatever its name', (path) => {
  expect(isUsualSetuid(path)).toBe(false);
});
