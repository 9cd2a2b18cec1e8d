import { describe, expect, test } from 'vitest';
import { checkInstalled } from '../../../src/kinds/apk/install.ts';
import { ownRepositories } from '../../../src/kinds/apk/repository.ts';
import type { LockedApk, LockedApks } from '../../../src/packages/apk/locked-apks.ts';
import { readContent } from '../../../src/tar/content.ts';
import { file } from '../../support/tar.ts';

const stanza = (name: string, checksum = `Q1${name}`) =>
  `C:${checksum}\nP:${name}\nV:1-r0\nA:x86_64\nF:usr\nR:${name}\n`;

const root = (...stanzas: string[]) => [file('lib/apk/db/installed', stanzas.join('\n'))];

const locked = (...names: string[]) =>
  ({
    packages: names.map((name) => ({ name, version: '1-r0', checksum: `Q1${name}` }) as LockedApk),
    indexes: [{ repository: 'v3.20/main' }, { repository: 'v3.20/community' }],
  }) as unknown as LockedApks;

describe('what apk wrote down as installed', () => {
  test('is the locked packages and what was there before', async () => {
    const tree = root(stanza('a'), stanza('b'), stanza('old'));
    await expect(
      checkInstalled(tree, root(stanza('old')), locked('a', 'b')),
    ).resolves.toBeUndefined();
  });

  test('may be without one that was there before: a conflict removes it', async () => {
    await expect(
      checkInstalled(root(stanza('a')), root(stanza('old')), locked('a')),
    ).resolves.toBeUndefined();
  });

  test('is looked for where newer releases have it', async () => {
    const tree = [file('usr/lib/apk/db/installed', stanza('a'))];
    await expect(checkInstalled(tree, [], locked('a'))).resolves.toBeUndefined();
  });

  test('is refused otherwise, with what is missing and what is too much', async () => {
    const tree = root(stanza('a', 'Q1other'), stanza('c'));
    await expect(checkInstalled(tree, [], locked('a', 'b'))).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
      message: [
        'apk installed other packages than the lock holds:',
        '  missing a 1-r0 Q1a',
        '  missing b 1-r0 Q1b',
        '  added   a 1-r0 Q1other',
        '  added   c 1-r0 Q1c',
      ].join('\n'),
    });
  });
});

describe('a root that brings apk', () => {
  test('knows the repositories that it was made from, at the mirror that Alpine names', async () => {
    const [entry] = ownRepositories([], locked('apk-tools'), 7);
    expect(entry).toMatchObject({ path: 'etc/apk/repositories', mode: 0o644, mtime: 7 });
    expect(entry?.type === 'file' && (await readContent(entry.content)).toString()).toBe(
      'https://dl-cdn.alpinelinux.org/alpine/v3.20/main\nhttps://dl-cdn.alpinelinux.org/alpine/v3.20/community\n',
    );
  });

  test('keeps a list that a package brings, and a root without apk has none', () => {
    expect(ownRepositories([file('etc/apk/repositories')], locked('apk-tools'), 7)).toEqual([]);
    expect(ownRepositories([], locked('busybox'), 7)).toEqual([]);
  });
});
