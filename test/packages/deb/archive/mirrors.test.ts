import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  parseDebianSources,
  parseSourcesList,
  readAptSources,
} from '../../../../src/packages/deb/archive/apt-sources.ts';
import { debianMirrors, defaultMirrors } from '../../../../src/packages/deb/archive/mirrors.ts';
import { below, withoutCredentials } from '../../../../src/packages/mirror-url.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const source = (uri: string, suite = 'trixie', components = ['main'], signedBy?: string) => ({
  uri,
  suite,
  components,
  ...(signedBy !== undefined && { signedBy }),
});

describe('debianMirrors', () => {
  const apt = [
    source('http://apt/debian'),
    source('http://apt/debian-security', 'trixie-security'),
  ];

  test('takes the flag before the environment before the host before the default', () => {
    const env = { MKBASE_DEBIAN_MIRROR: 'http://env/debian' };
    expect(debianMirrors({ flag: 'http://flag/debian/', env, aptSources: apt }).main).toBe(
      'http://flag/debian',
    );
    expect(debianMirrors({ env, aptSources: apt }).main).toBe('http://env/debian');
    expect(debianMirrors({ env: {}, aptSources: apt }).main).toBe('http://apt/debian');
    expect(debianMirrors({ env: {} })).toEqual(defaultMirrors);
  });

  test('chooses the security mirror apart from the main one', () => {
    const env = { MKBASE_DEBIAN_SECURITY_MIRROR: 'http://env/security' };
    expect(debianMirrors({ flag: 'http://flag/debian', env }).security).toBe('http://env/security');
    const host = debianMirrors({ flag: 'http://flag/debian', env: {}, aptSources: apt });
    expect(host.security).toBe('http://apt/debian-security');
    const none = debianMirrors({ flag: 'http://flag/debian', env: {} });
    expect(none.security).toBe(defaultMirrors.security);
  });

  test('an empty variable counts as none', () => {
    expect(debianMirrors({ env: { MKBASE_DEBIAN_MIRROR: '' } })).toEqual(defaultMirrors);
  });

  test('takes a folder as a file URL', () => {
    expect(debianMirrors({ flag: '/srv/my mirror', env: {} }).main).toBe('file:///srv/my%20mirror');
  });

  test.each([
    ['another distribution', source('http://archive.ubuntu.com/ubuntu', 'noble')],
    [
      "a third party's archive of the same suite",
      source('http://x/linux/debian', 'trixie', ['stable']),
    ],
    ['an archive at another path', source('http://packages.example.com/debian/12/prod')],
    [
      'an archive with a key of its own',
      source('http://x/debian', 'trixie', ['main'], '/etc/apt/keyrings/x.asc'),
    ],
    ['a medium', source('cdrom:[Debian]/debian')],
  ])('%s in the host is not taken for Debian', (_, other) => {
    expect(debianMirrors({ env: {}, aptSources: [other] })).toEqual(defaultMirrors);
  });

  test('refuses what is no mirror without repeating its password', () => {
    const bad = () => debianMirrors({ flag: 'ftp://user:secret@host/debian', env: {} });
    expect(bad).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.not.stringContaining('secret') }),
    );
  });
});

describe("apt's sources", () => {
  test('are read in the one-line form', () => {
    const text =
      '# comment\ndeb [arch=amd64 signed-by=/k.gpg] http://a/debian trixie main contrib # more\ndeb-src http://a/debian trixie main\ndeb http://b/debian sid main\n';
    expect(parseSourcesList(text)).toEqual([
      source('http://a/debian', 'trixie', ['main', 'contrib'], '/k.gpg'),
      source('http://b/debian', 'sid'),
    ]);
  });

  test('are read in the deb822 form, but for those that are off', () => {
    const text =
      'Types: deb deb-src\n# comment\nURIs: http://a/debian\nSuites: trixie trixie-updates\nComponents: main\n\nEnabled: no\nTypes: deb\nURIs: http://b/debian\nSuites: trixie\nComponents: main\n';
    expect(parseDebianSources(text)).toEqual([
      source('http://a/debian'),
      source('http://a/debian', 'trixie-updates'),
    ]);
  });

  test('are read from the folder, and an unreadable file is passed over', async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'sources.list.d'));
    await writeFile(join(folder, 'sources.list'), 'deb http://one/debian trixie main\n');
    await writeFile(join(folder, 'sources.list.d/bad.sources'), 'not a source\n');
    await writeFile(join(folder, 'sources.list.d/two.list'), 'deb http://two/debian trixie main\n');
    const found = (await readAptSources(folder)).map(({ uri }) => uri);
    expect(found).toEqual(['http://one/debian', 'http://two/debian']);
    expect(await readAptSources(join(folder, 'none'))).toEqual([]);
  });
});

test('credentials are left out of what is shown', () => {
  expect(withoutCredentials('https://user:secret@host/debian/')).toBe('https://host/debian');
});

test('a path below a mirror keeps the characters that pools have', () => {
  expect(below('http://m/debian', 'pool/main/g/g++/x_1%2b~2.deb')).toBe(
    'http://m/debian/pool/main/g/g++/x_1%252b~2.deb',
  );
});
