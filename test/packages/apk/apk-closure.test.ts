import { describe, expect, test } from 'vitest';
import { apkClosure } from '../../../src/packages/apk/apk-closure.ts';
import type { TestApk } from '../../support/apk.ts';
import { indexOf } from '../../support/apk-index.ts';

const tools: readonly TestApk[] = [
  { name: 'apk-tools', depends: ['musl>=1.2', 'so:libz.so.1', 'ca-bundle', '!old-tools'] },
  { name: 'musl', version: '1.2.5-r0', provides: ['so:libc.so=1'] },
  { name: 'zlib', depends: ['so:libc.so'], provides: ['so:libz.so.1=1.3.1'] },
  { name: 'bundle-a', provides: ['ca-bundle'], priority: 10 },
  { name: 'bundle-b', provides: ['ca-bundle'], priority: 20 },
  { name: 'old-tools' },
];

const chosen = async (wanted: string, packages: readonly TestApk[]) =>
  apkClosure(wanted, [await indexOf(packages)]).map(({ name, version }) => `${name} ${version}`);

describe('what a package needs to run', () => {
  test('is found by name, by version and by what others provide', async () => {
    expect(await chosen('apk-tools', tools)).toEqual([
      'apk-tools 1.0-r0',
      'bundle-b 1.0-r0',
      'musl 1.2.5-r0',
      'zlib 1.0-r0',
    ]);
  });

  test('is the same in whatever order the index lists it', async () => {
    expect(await chosen('apk-tools', [...tools].reverse())).toEqual(
      await chosen('apk-tools', tools),
    );
  });

  test('is the newest version that fits, over all repositories', async () => {
    const indexes = [
      await indexOf([
        { name: 'a', depends: ['b<3'] },
        { name: 'b', version: '1-r0' },
      ]),
      await indexOf(
        [
          { name: 'b', version: '3-r0' },
          { name: 'b', version: '2-r0' },
        ],
        'v3.20/community',
      ),
    ];
    const [, b] = apkClosure('a', indexes);
    expect(b).toMatchObject({ name: 'b', version: '2-r0', repository: 'v3.20/community' });
  });

  test('may go in circles', async () => {
    const circle = [
      { name: 'a', depends: ['b'] },
      { name: 'b', depends: ['a'] },
    ];
    expect(await chosen('a', circle)).toEqual(['a 1.0-r0', 'b 1.0-r0']);
  });

  test('is missed by name, with who needs it', async () => {
    const index = [{ name: 'a', depends: ['so:gone.so>=2'] }, { name: 'apk-tool' }];
    await expect(chosen('a', index)).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: 'a depends on so:gone.so>=2, which no package in v3.20/main meets.',
    });
    await expect(chosen('apk-tools', index)).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: 'There is no package apk-tools in v3.20/main. Did you mean apk-tool?',
    });
  });

  test('is refused when a dependency cannot be read', async () => {
    await expect(chosen('a', [{ name: 'a', depends: ['b==1'] }])).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('a: "b==1" is no dependency'),
    });
  });
});
