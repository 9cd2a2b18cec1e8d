import { describe, expect, test } from 'vitest';
import { checkNames, findChosen } from '../../../src/packages/apk/find-apks.ts';
import { indexOf } from '../../support/apk-index.ts';

const main = [
  { name: 'python3', version: '3.12.6-r0', provides: ['cmd:python3=3.12.6-r0'] },
  { name: 'busybox-binsh', provides: ['/bin/sh', 'sh'] },
];

const refusal = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('the packages that apk chose', () => {
  test('are looked up by name and version, in the order of the repositories', async () => {
    const indexes = [
      await indexOf(main),
      await indexOf([...main, { name: 'b' }], 'v3.20/community'),
    ];
    const found = findChosen(
      [
        { name: 'b', version: '1.0-r0' },
        { name: 'python3', version: '3.12.6-r0' },
      ],
      indexes,
    );
    expect(found.map(({ filename }) => filename)).toEqual([
      'v3.20/community/x86_64/b-1.0-r0.apk',
      'v3.20/main/x86_64/python3-3.12.6-r0.apk',
    ]);
  });

  test('are refused when no index lists them', async () => {
    const indexes = [await indexOf(main)];
    expect(() => findChosen([{ name: 'python3', version: '3.13-r0' }], indexes)).toThrow(
      refusal('SOURCE_CORRUPT', 'apk chose python3 3.13-r0, which is not listed'),
    );
  });

  test('are refused when two packages have that name and version', async () => {
    const other = [{ ...main[0]!, license: 'Other' }];
    const indexes = [await indexOf(main), await indexOf(other, 'v3.20/community')];
    expect(() => findChosen([{ name: 'python3', version: '3.12.6-r0' }], indexes)).toThrow(
      refusal('SOURCE_CORRUPT', 'listed as two different packages'),
    );
  });
});

describe('the names in a recipe', () => {
  test('are known when a package has or provides them, or when they are installed', async () => {
    const indexes = [await indexOf(main)];
    const names = ['python3', 'python3=3.12.6-r0', 'sh', 'musl'];
    expect(() => checkNames(names, new Set(['musl']), indexes)).not.toThrow();
  });

  test('are refused otherwise, with near ones', async () => {
    const indexes = [await indexOf(main), await indexOf([], 'v3.20/community')];
    expect(() => checkNames(['pyhton3'], new Set(), indexes)).toThrow(
      refusal(
        'PACKAGE_NOT_FOUND',
        'There is no package pyhton3 in v3.20/main and v3.20/community at http://mirror.example. Did you mean python3?',
      ),
    );
  });

  test('are refused in a version that is not there, with those that are', async () => {
    const indexes = [await indexOf(main)];
    expect(() => checkNames(['python3=3.11.0-r0'], new Set(), indexes)).toThrow(
      refusal(
        'PACKAGE_NOT_FOUND',
        'There is no package python3 3.11.0-r0 in v3.20/main at http://mirror.example. There is 3.12.6-r0.',
      ),
    );
  });
});
