import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordUnpacked, unpackFunctions } from '../../../src/kinds/debootstrap/unpack-script.ts';
import { temporaryFolder } from '../../support/folder.ts';

interface Package {
  readonly name: string;
  /** Fields of the control file besides name, version and maintainer. */
  readonly fields?: string;
  /** Files of the control archive; a script's begins with `#!`. */
  readonly control?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
}

function written(folder: string, files: Readonly<Record<string, string>> = {}): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, text.startsWith('#!') ? 0o755 : 0o644);
  }
}

/** A folder in place of /build, with a mirror of packages that dpkg-deb made. */
function buildFolder(packages: readonly Package[]): string {
  const build = temporaryFolder();
  mkdirSync(join(build, 'mirror/pool'), { recursive: true });
  for (const { name, fields = 'Architecture: amd64\n', control, files, links = {} } of packages) {
    const tree = join(build, 'made', name);
    const head = `Package: ${name}\nVersion: 1\nMaintainer: a\nPriority: extra\n`;
    const text = `${head}${fields}Description: test\n more\n`;
    written(join(tree, 'DEBIAN'), { control: text, ...control });
    written(tree, files);
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(tree, path));
    const deb = join(build, 'mirror/pool', `${name}_amd64.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, deb], { stdio: 'ignore' });
  }
  return build;
}

function run(build: string, script: string): string {
  // The user of the tests may not give files to others.
  const text = `set -eu\n${unpackFunctions}\nmkdir root\n${script}`.replaceAll(
    '--same-owner',
    '--no-same-owner',
  );
  return execFileSync('/bin/sh', ['-c', text], { cwd: build, encoding: 'utf8' });
}

const base: Package = {
  name: 'base-files',
  links: { bin: 'usr/bin' },
  files: { 'usr/bin/a': 'a' },
};

describe('unpacking a base set', () => {
  test('puts the files of all packages into one root, through the links into /usr', () => {
    const build = buildFolder([base, { name: 'old', files: { 'bin/tool': 'old' } }]);
    run(build, 'unpack_base root base-files old');
    expect(readFileSync(join(build, 'root/usr/bin/tool'), 'utf8')).toBe('old');
    expect(readFileSync(join(build, 'root/usr/bin/a'), 'utf8')).toBe('a');
  });

  test('fails with the package that cannot be unpacked', () => {
    const build = buildFolder([base, { name: 'broken' }]);
    writeFileSync(join(build, 'mirror/pool/broken_amd64.deb'), 'no package');
    expect(() => run(build, 'unpack_base root base-files broken')).toThrow();
  });

  test('tells whether a package brings the links that merge /usr', () => {
    const ask = 'if brings_links; then echo yes; else echo no; fi';
    expect(run(buildFolder([base]), ask)).toBe('yes\n');
    expect(run(buildFolder([{ name: 'base-files' }]), ask)).toBe('no\n');
  });

  test('lists files that more than one package brings, and no folders', () => {
    const [one, two] = ['one', 'two'].map((name) => ({ name, files: { 'etc/both': name } }));
    const ask = (names: string) => `unpack_base root base-files ${names}; files_of_several`;
    expect(run(buildFolder([base, one!, two!]), ask('one two'))).toBe('./etc/both\n');
    expect(run(buildFolder([base, one!]), ask('one'))).toBe('');
  });
});

describe("dpkg's database", () => {
  const library: Package = {
    name: 'libx1',
    fields: 'Architecture: amd64\nMulti-Arch: same\n',
    control: { triggers: 'activate-noawait ldconfig\n', preinst: '#!/bin/sh\n' },
    files: { 'usr/lib/libx.so': 'x' },
  };
  const program: Package = {
    name: 'tool',
    control: {
      conffiles: '/etc/tool.conf\nremove-on-upgrade /etc/gone.conf\n',
      triggers: 'interest /usr/share/tools\ninterest-noawait tools\n',
    },
    files: { 'etc/tool.conf': 'c', 'usr/bin/tool': 't' },
  };

  const recorded = () => {
    const build = buildFolder([base, library, program]);
    writeFileSync(join(build, 'record'), recordUnpacked);
    writeFileSync(join(build, 'index'), 'Package: tool\nPriority: required\n');
    const folders = 'mkdir -p root/var/lib/dpkg/info root/var/lib/dpkg/triggers';
    run(
      build,
      `unpack_base root base-files libx1 tool; ${folders}; perl record root index libx1 tool`,
    );
    return { root: join(build, 'root'), db: join(build, 'root/var/lib/dpkg') };
  };

  test('calls every package unpacked, with the priority that the index gives it', () => {
    expect(readFileSync(join(recorded().db, 'status'), 'utf8')).toBe(`Package: libx1
Status: install ok unpacked
Version: 1
Maintainer: a
Priority: extra
Architecture: amd64
Multi-Arch: same
Description: test
 more

Package: tool
Status: install ok unpacked
Version: 1
Maintainer: a
Architecture: amd64
Description: test
 more
Priority: required
Conffiles:
 /etc/tool.conf newconffile
 /etc/gone.conf newconffile remove-on-upgrade

`);
  });

  test('lists the files of each, by the name that dpkg gives a package of several architectures', () => {
    const { db } = recorded();
    expect(readFileSync(join(db, 'info/libx1:amd64.list'), 'utf8')).toBe(
      '/.\n/usr\n/usr/lib\n/usr/lib/libx.so\n',
    );
    expect(existsSync(join(db, 'info/libx1:amd64.preinst'))).toBe(true);
    expect(existsSync(join(db, 'info/tool.list'))).toBe(true);
  });

  test('holds triggers, and configuration files wait aside', () => {
    const { root, db } = recorded();
    expect(readFileSync(join(db, 'triggers/File'), 'utf8')).toBe('/usr/share/tools tool\n');
    expect(readFileSync(join(db, 'triggers/tools'), 'utf8')).toBe('tool/noawait\n');
    expect(readFileSync(join(root, 'etc/tool.conf.dpkg-new'), 'utf8')).toBe('c');
    expect(existsSync(join(root, 'etc/tool.conf'))).toBe(false);
  });

  test('is one that dpkg itself reads', () => {
    const { db } = recorded();
    const shown = execFileSync('dpkg', ['--admindir', db, '--list'], { encoding: 'utf8' });
    expect(shown).toMatch(/^iU {2}libx1:amd64 .*\niU {2}tool /m);
  });
});
