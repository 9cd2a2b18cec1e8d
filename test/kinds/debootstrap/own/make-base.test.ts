import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configureScript } from '../../../../src/kinds/debootstrap/own/configure-script.ts';
import {
  databaseEntries,
  withConffilesAside,
} from '../../../../src/kinds/debootstrap/own/dpkg-database.ts';
import {
  hasOwnBin,
  joinPackages,
  unpackEach,
  unpackTop,
} from '../../../../src/kinds/debootstrap/own/unpack-base.ts';
import type { LockedPackage } from '../../../../src/packages/deb/locked-debs.ts';
import { type UnpackedDeb, unpackDeb } from '../../../../src/packages/deb/unpack/unpack-deb.ts';
import { openStore } from '../../../../src/store/store.ts';
import { readContent } from '../../../../src/tar/content.ts';
import type { Entry } from '../../../../src/tar/entry.ts';
import { buildDeb, type TestPackage } from '../../../support/deb.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { sha256Of } from '../../../support/store.ts';

const io = { emit: () => {}, signal: new AbortController().signal };

/** Stores packages that were made for this test. */
async function stored(packages: readonly TestPackage[]) {
  const place = { store: await openStore(temporaryFolder()), workFolder: temporaryFolder() };
  const locked: LockedPackage[] = [];
  for (const each of packages) {
    const { bytes, filename } = buildDeb(each);
    const sha256 = sha256Of(bytes);
    await place.store.write([bytes] as unknown as AsyncIterable<Uint8Array>, sha256);
    const { name, version = '1.0-1' } = each;
    const source = { source: name, sourceVersion: version, suite: 'trixie' };
    const architecture = each.architecture ?? 'amd64';
    const file = { filename, size: bytes.length, sha256 };
    locked.push({ name, version, architecture, ...source, ...file });
  }
  return { place, locked };
}

/** Unpacks packages that were made for this test. */
async function unpacked(packages: readonly TestPackage[]): Promise<UnpackedDeb[]> {
  const { place, locked } = await stored(packages);
  const debs: UnpackedDeb[] = [];
  for (const each of locked) debs.push(await unpackDeb(each, place, io));
  return debs;
}

const base: TestPackage = {
  name: 'base-files',
  files: { bin: { symlink: 'usr/bin' }, 'usr/bin/a': 'a' },
};
const joined = async (...packages: TestPackage[]) => {
  const result = joinPackages(await unpacked([base, ...packages]));
  return result && [...result.tree.keys()];
};

describe('joining packages', () => {
  test('puts the files of all into one tree, through the links into /usr', async () => {
    const paths = await joined({
      name: 'old',
      files: { 'bin/tool': 'old', 'bin/b': { hardlink: 'bin/tool' } },
    });
    expect(paths).toEqual(['bin', 'usr', 'usr/bin', 'usr/bin/a', 'usr/bin/tool', 'usr/bin/b']);
  });

  test.each<[string, TestPackage[]]>([
    [
      'two bring one file',
      [
        { name: 'one', files: { f: '1' } },
        { name: 'two', files: { f: '1' } },
      ],
    ],
    ['two bring one file by different paths', [{ name: 'one', files: { 'bin/a': 'other' } }]],
    [
      'two do not agree on a folder',
      [{ name: 'one', files: { usr: { directory: true, mode: 0o700 } } }],
    ],
    [
      'one brings a path below a link of another',
      [
        { name: 'one', files: { 'usr/x': { symlink: '/opt' } } },
        { name: 'two', files: { 'usr/x/y': 'y' } },
      ],
    ],
  ])('is left to debootstrap where %s', async (_, packages) => {
    expect(await joined(...packages)).toBeUndefined();
  });

  test('is left to debootstrap where no package brings the links that merge /usr', async () => {
    const without = await unpacked([{ name: 'base-files', files: { 'usr/bin/a': 'a' } }]);
    expect(joinPackages(without)).toBeUndefined();
  });

  test.each<[string, TestPackage[], boolean | undefined]>([
    ['/bin is a folder of base-files', [{ name: 'base-files', files: { 'bin/a': 'a' } }], true],
    ['/bin is a link of base-files', [base, { name: 'other', files: { 'bin/b': 'b' } }], false],
    ['there is no base-files', [{ name: 'other', files: { 'bin/b': 'b' } }], undefined],
  ])('unpacks one package to know whether %s', async (_, packages, expected) => {
    const { place, locked } = await stored(packages);
    const absent = { ...locked[0]!, name: 'absent', sha256: '0'.repeat(64) };
    const top = await unpackTop([...locked, absent], place, io);
    expect(top && hasOwnBin(top)).toBe(expected);
  });

  test('unpacks no package twice', async () => {
    const { place, locked } = await stored([base, { name: 'other', files: { f: 'f' } }]);
    const top = await unpackTop(locked, place, io);
    const all = await unpackEach(locked, top, place, io);
    expect(all.map(({ locked: { name } }) => name)).toEqual(['base-files', 'other']);
    expect(all[0]).toBe(top);
  });
});

const library: TestPackage = {
  name: 'libx1',
  fields: { 'Multi-Arch': 'same' },
  control: `Package: libx1
Version: 1.0-1
Architecture: amd64
Multi-Arch: same
Maintainer: caf\u00e9 <a@example.org>
Priority: extra
Description: test
 more
`,
  scripts: { triggers: 'activate-noawait ldconfig\n', preinst: '#!/bin/sh\n' },
  files: { 'usr/lib/libx.so': 'x' },
};
const program: TestPackage = {
  name: 'tool',
  scripts: {
    conffiles: '/etc/tool.conf\nremove-on-upgrade /etc/gone.conf\n',
    triggers: 'interest /usr/share/tools\ninterest-noawait tools\n',
  },
  files: { 'etc/tool.conf': 'c', 'usr/bin/tool': 't' },
};

describe("dpkg's database", () => {
  const recorded = async () => {
    const packages = joinPackages(await unpacked([base, library, program]))!;
    const priority = ({ locked }: UnpackedDeb) => (locked.name === 'tool' ? 'required' : 'extra');
    const entries = databaseEntries(packages, priority, 5);
    const text = async (path: string) => {
      const entry = entries.find((each) => each.path === `var/lib/dpkg/${path}`);
      if (entry?.type !== 'file') return undefined;
      return (await readContent(entry.content)).toString();
    };
    return { packages, entries, text };
  };

  test('calls every package unpacked, with the priority of the suite', async () => {
    const { text } = await recorded();
    const status = (await text('status')) ?? '';
    expect(status.slice(status.indexOf('Package: libx1'))).toBe(`Package: libx1
Status: install ok unpacked
Version: 1.0-1
Architecture: amd64
Multi-Arch: same
Maintainer: caf\u00e9 <a@example.org>
Description: test
 more
Priority: extra

Package: tool
Status: install ok unpacked
Version: 1.0-1
Architecture: amd64
Maintainer: Nobody <nobody@example.org>
Description: test package tool
Priority: required
Conffiles:
 /etc/tool.conf newconffile
 /etc/gone.conf newconffile remove-on-upgrade

`);
  });

  test('lists the files of each, by the name that dpkg gives a package of several architectures', async () => {
    const { text } = await recorded();
    expect(await text('info/libx1:amd64.list')).toBe('/.\n/usr\n/usr/lib\n/usr/lib/libx.so\n');
    expect(await text('info/libx1:amd64.preinst')).toBe('#!/bin/sh\n');
    expect(await text('info/tool.list')).toContain('/etc/tool.conf\n');
    expect(await text('info/tool.control')).toBeUndefined();
  });

  test('holds triggers, and configuration files wait aside', async () => {
    const { text, packages } = await recorded();
    expect(await text('triggers/File')).toBe('/usr/share/tools tool\n');
    expect(await text('triggers/tools')).toBe('tool/noawait\n');
    const paths = withConffilesAside(packages).map(({ path }) => path);
    expect(paths).toContain('etc/tool.conf.dpkg-new');
    expect(paths).not.toContain('etc/tool.conf');
  });

  test('is one that dpkg itself reads', async () => {
    const { entries } = await recorded();
    const root = temporaryFolder();
    await writeEntries(root, entries);
    const db = join(root, 'var/lib/dpkg');
    const shown = execFileSync('dpkg', ['--admindir', db, '--list'], { encoding: 'utf8' });
    expect(shown).toMatch(/^iU {2}libx1:amd64 .*\niU {2}tool /m);
  });
});

async function writeEntries(root: string, entries: readonly Entry[]) {
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    mkdirSync(dirname(join(root, entry.path)), { recursive: true });
    writeFileSync(join(root, entry.path), await readContent(entry.content));
    chmodSync(join(root, entry.path), entry.mode);
  }
}

describe('the script that configures', () => {
  test('is one for a POSIX shell, and runs each preinst before anything is configured', () => {
    const script = configureScript('amd64');
    execFileSync('dash', ['-n'], { input: script });
    const lines = script.split('\n');
    const at = lines.findIndex((line) => line.includes('/tmp.ci/preinst'));
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(lines.findIndex((line) => line.includes("'--configure'")));
  });
});
