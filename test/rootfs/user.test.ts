import { describe, expect, test } from 'vitest';
import { file, symlink } from '../support/tar.ts';
import { canonical, paths } from './assemble.ts';

const tree = [
  file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\napp:x:10001:10001::/:/bin/sh\n'),
  file('etc/group', 'root:x:0:\nstaff:x:50:\n'),
];

describe('image.user', () => {
  test.each(['app', 'root', 'app:staff', '4711', '4711:staff', 'app:4711'])(
    '%s is taken: names are in the files, numbers need none',
    async (user) => {
      expect(paths(await canonical([tree], { overlays: { user } }))).toContain('etc/passwd');
    },
  );

  test.each([
    ['www', 'its /etc/passwd has no user www'],
    ['10001:www', 'its /etc/group has no group www'],
    ['ap', 'no user ap'],
  ])('%s is refused, with the word to look for in the recipe', (user, problem) =>
    expect(canonical([tree], { overlays: { user } })).rejects.toMatchObject({
      code: 'ROOTFS_REFUSED',
      message: expect.stringContaining(problem),
      hint: expect.stringContaining('`accounts:`'),
      about: [user],
    }),
  );

  test('a name is refused where there is no file of accounts at all', () =>
    expect(
      canonical([[file('program', 'x')]], { overlays: { user: 'root' } }),
    ).rejects.toMatchObject({ code: 'ROOTFS_REFUSED' }));

  test('a file of accounts that is a link is not followed, and nothing is said of it', async () => {
    const layer = [symlink('etc/passwd', '/usr/share/passwd')];
    expect(paths(await canonical([layer], { overlays: { user: 'app' } }))).toContain('etc/passwd');
  });
});
