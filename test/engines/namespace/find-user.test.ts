import { describe, expect, test } from 'vitest';
import { findUser } from '../../../src/engines/namespace/find-user.ts';
import type { Entry } from '../../../src/tar/entry.ts';

const file = (path: string, text: string): Entry => {
  const bytes = Buffer.from(text);
  const common = { path, mode: 0o644, uid: 0, gid: 0, mtime: 0, xattrs: [] };
  return { ...common, type: 'file', size: bytes.length, content: { bytes } };
};

const entries = [
  file('etc/group', 'root:x:0:\nstaff:x:50:app\n'),
  file('etc/passwd', 'root:x:0:0::/root:/bin/sh\napp:x:10001:60::/home/app:/bin/sh\n'),
];

describe('the user of an image config', () => {
  test.each([
    ['', { uid: 0, gid: 0, home: '/root', groups: [] }],
    ['app', { uid: 10001, gid: 60, home: '/home/app', groups: [50] }],
    ['10001', { uid: 10001, gid: 60, home: '/home/app', groups: [50] }],
    ['app:staff', { uid: 10001, gid: 50, home: '/home/app', groups: [] }],
    ['app:7', { uid: 10001, gid: 7, home: '/home/app', groups: [] }],
    ['12345', { uid: 12345, gid: 0, home: '/', groups: [] }],
    ['12345:staff', { uid: 12345, gid: 50, home: '/', groups: [] }],
  ])('%j is found in the image', async (specification, expected) => {
    expect(await findUser(specification, entries)).toEqual(expected);
  });

  test('may be a number in an image without accounts', async () => {
    expect(await findUser('65532:65532', [])).toEqual({
      uid: 65532,
      gid: 65532,
      home: '/',
      groups: [],
    });
    expect(await findUser('', [])).toEqual({ uid: 0, gid: 0, home: '/', groups: [] });
  });

  test.each(['nobody', 'app:wheel'])(
    '%j, which the image does not know, is refused',
    async (name) => {
      await expect(findUser(name, entries)).rejects.toMatchObject({
        code: 'ENGINE_FAILED',
        hint: expect.any(String),
      });
    },
  );
});
