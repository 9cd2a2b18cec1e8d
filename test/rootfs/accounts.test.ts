import { describe, expect, test } from 'vitest';
import { file, symlink } from '../support/tar.ts';
import { canonical, paths, refused, textOf } from './assemble.ts';

describe('accounts:', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\n';
  const group = 'root:x:0:\nstaff:x:50:';
  const tree = [file('etc/passwd', passwd, { mode: 0o600, mtime: 5 }), file('etc/group', group)];

  test('make /etc/passwd and /etc/group where there are none', async () => {
    const overlays = { accounts: { users: [{ name: 'app', uid: 10001 }] } };
    const entries = await canonical([[]], { overlays });
    expect(await textOf(entries, 'etc/passwd')).toBe(
      'app:x:10001:10001::/nonexistent:/usr/sbin/nologin\n',
    );
    expect(await textOf(entries, 'etc/group')).toBe('app:x:10001:\n');
    expect(entries[1]).toMatchObject({ path: 'etc/group', mode: 0o644, uid: 0, mtime: 1000 });
  });

  test('append to those that are there, and keep their modes', async () => {
    const overlays = {
      accounts: {
        groups: [{ name: 'www', gid: 80, members: ['app', 'root'] }],
        users: [
          { name: 'app', uid: 1000, gid: 50, comment: 'Äpp', home: '/home/app', shell: '/bin/sh' },
          { name: 'web', uid: 80 },
        ],
      },
    };
    const entries = await canonical([tree], { overlays });
    expect(await textOf(entries, 'etc/passwd')).toBe(
      `${passwd}app:x:1000:50:Äpp:/home/app:/bin/sh\nweb:x:80:80::/nonexistent:/usr/sbin/nologin\n`,
    );
    expect(await textOf(entries, 'etc/group')).toBe(`${group}\nwww:x:80:app,root\n`);
    expect(entries.find(({ path }) => path === 'etc/passwd')).toMatchObject({
      mode: 0o600,
      mtime: 1000,
    });
  });

  test.each<[string, object, string]>([
    [
      'a taken uid',
      { users: [{ name: 'app', uid: 0 }] },
      'the id 0 already; root has it, app cannot',
    ],
    ['a taken name', { users: [{ name: 'root', uid: 5 }] }, 'has root already, with the id 0'],
    ['a taken gid', { groups: [{ name: 'app', gid: 50 }] }, 'staff has it'],
    [
      'a group name taken by another gid',
      { users: [{ name: 'staff', uid: 7 }] },
      'has staff already',
    ],
    ['an unknown member', { groups: [{ name: 'g', gid: 9, members: ['who'] }] }, 'no such user'],
    [
      'two users with one uid',
      {
        users: [
          { name: 'a', uid: 9 },
          { name: 'b', uid: 9 },
        ],
      },
      'a has it, b cannot',
    ],
  ])('refuse %s', (_, added, problem) =>
    refused([tree], problem, { overlays: { accounts: added } }),
  );

  test('name the account in what they are refused for, and what to change', async () => {
    const overlays = { accounts: { users: [{ name: 'app', uid: 0 }] } };
    await expect(canonical([tree], { overlays })).rejects.toMatchObject({
      about: ['app'],
      hint: expect.stringContaining('`accounts:`'),
    });
  });

  test('refuse to write through a symlink', async () => {
    const overlays = { accounts: { users: [{ name: 'app', uid: 1 }] } };
    await refused([[symlink('etc/passwd', '/x')]], 'is a symlink', { overlays });
  });

  test('give each account a locked line in shadow and gshadow where these exist', async () => {
    const overlays = {
      accounts: {
        groups: [{ name: 'www', gid: 80, members: ['app'] }],
        users: [
          { name: 'app', uid: 1000 },
          { name: 'web', uid: 80 },
        ],
      },
    };
    const shadow = file('etc/shadow', 'root:*:1:0:99999:7:::\nweb:secret:2::::::', { mode: 0o640 });
    const layer = [...tree, shadow, file('etc/gshadow', 'root:*::\n')];
    const entries = await canonical([layer], { overlays, epoch: 3 * 86_400 + 5 });
    expect(await textOf(entries, 'etc/shadow')).toBe(
      'root:*:1:0:99999:7:::\nweb:secret:2::::::\napp:!:3:0:99999:7:::\n',
    );
    expect(await textOf(entries, 'etc/gshadow')).toBe('root:*::\nwww:!::app\napp:!::\n');
    expect(entries.find(({ path }) => path === 'etc/shadow')?.mode).toBe(0o640);
  });

  test('make no shadow file where there is none', async () => {
    const overlays = { accounts: { users: [{ name: 'app', uid: 10001 }] } };
    expect(paths(await canonical([tree], { overlays }))).toEqual([
      'etc',
      'etc/group',
      'etc/passwd',
    ]);
  });
});
