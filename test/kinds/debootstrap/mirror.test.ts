import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { platforms } from '../../../src/base/platform.ts';
import type { LockedDebootstrap } from '../../../src/kinds/debootstrap/locked-debootstrap.ts';
import { mirrorEntries, releaseText, stanzaOf } from '../../../src/kinds/debootstrap/mirror.ts';
import { parseParagraphs } from '../../../src/packages/deb/index/paragraph.ts';
import type { LockedPackage } from '../../../src/packages/deb/locked-debs.ts';
import { openStore } from '../../../src/store/store.ts';
import { writeTar } from '../../../src/tar/write.ts';
import { buildDeb, type TestPackage } from '../../support/deb.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { sha256Of } from '../../support/store.ts';
import { collect } from '../../support/tar.ts';

const io = { emit: () => {}, signal: new AbortController().signal };
const platform = platforms['linux/amd64'];

const debootstrap: LockedDebootstrap = {
  codename: 'trixie',
  mirror: 'http://mirror.example/debian',
  base: ['dpkg', 'passwd', 'tar'],
  required: ['dpkg'],
  important: ['passwd'],
  wanted: [],
};

const locked = (name: string, bytes: Uint8Array, more: Partial<LockedPackage> = {}) => ({
  name,
  version: '1.0-1',
  architecture: 'amd64',
  source: name,
  sourceVersion: '1.0-1',
  suite: 'trixie',
  filename: `pool/${name}.deb`,
  size: bytes.length,
  sha256: sha256Of(bytes),
  ...more,
});

const stanza = (name: string, control: string) =>
  stanzaOf(locked(name, Buffer.from('x')), Buffer.from(control, 'latin1'), debootstrap).toString(
    'latin1',
  );

describe("a package's stanza", () => {
  test('stays one, and says of its own where the package is', () => {
    const control =
      'Package: a\nFilename: pool/evil.deb\nSize: 1\nSHA256: 00\n 11\n\n \t\n# no field\nVersion: 1.0-1\n';
    const [only, ...others] = parseParagraphs(stanza('a', control));
    expect(others).toEqual([]);
    expect(Object.fromEntries(only ?? [])).toEqual({
      ...{ package: 'a', version: '1.0-1', priority: 'optional' },
      ...{ filename: 'pool/a_amd64.deb', size: '1', sha256: sha256Of('x') },
    });
  });

  test('has the name first, the priority of the suite, and where the package is', () => {
    const control =
      'Source: dpkg\nPackage: dpkg\nPriority: extra\nVersion: 1.0-1\nDescription: tool\n long\n .\n text\n';
    expect(stanza('dpkg', control)).toBe(
      [
        'Package: dpkg',
        'Source: dpkg',
        'Version: 1.0-1',
        'Description: tool',
        ' long',
        ' .',
        ' text',
        'Priority: required',
        'Filename: pool/dpkg_amd64.deb',
        'Size: 1',
        `SHA256: ${sha256Of('x')}`,
        '',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['dpkg', 'extra', 'required'],
    ['passwd', 'required', 'important'],
    ['tar', 'required', 'optional'],
    ['tar', 'standard', 'standard'],
  ])('of %s, which calls itself %s, calls it %s', (name, own, priority) => {
    const control = `Package: ${name}\nPriority: ${own}\n`;
    expect(stanza(name, control).match(/^Priority: .*$/gm)).toEqual([`Priority: ${priority}`]);
  });

  test('keeps bytes that are no UTF-8, and takes no other field for one that it replaces', () => {
    const kept = stanza(
      'tar',
      'Package: tar\nMaintainer: J\xf6rg\nX-Priority: 1\nOriginal-Package: x\n',
    );
    expect(kept).toContain('J\xf6rg\nX-Priority: 1\nOriginal-Package: x\n');
  });
});

describe('the mirror', () => {
  const packages: readonly TestPackage[] = [
    { name: 'dpkg', fields: { Essential: 'yes', Priority: 'extra', Depends: 'tar (>= 1)' } },
    { name: 'tar', version: '1:1.35~rc+dfsg-1', files: { 'bin/tar': 'tar' }, compression: 'xz' },
  ];

  async function mirror() {
    const folder = temporaryFolder();
    const store = await openStore(join(folder, 'store'));
    const work = join(folder, 'work');
    mkdirSync(work);
    const debs = [];
    for (const each of packages) {
      const { bytes } = buildDeb(each);
      await store.write(
        (async function* () {
          yield bytes;
        })(),
        sha256Of(bytes),
      );
      debs.push(locked(each.name, bytes, { version: each.version ?? '1.0-1' }));
    }
    const input = { suite: 'stable', debs: { indexes: [], packages: debs }, debootstrap, platform };
    return { entries: await mirrorEntries(input, { store, workFolder: work }, io), folder, input };
  }

  test('is an archive that dpkg-scanpackages lists alike', async () => {
    const { entries, folder } = await mirror();
    execFileSync('tar', ['-xf', '-', '-C', folder], { input: await collect(writeTar(entries)) });
    const cwd = join(folder, 'mirror');
    const index = execFileSync('cat', ['dists/stable/main/binary-amd64/Packages'], { cwd });
    const theirs = execFileSync('dpkg-scanpackages', ['--multiversion', 'pool'], {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const fields = (text: string) =>
      parseParagraphs(text).map((each) =>
        Object.fromEntries([...each].filter(([name]) => !/^(?:md5sum|sha1|priority)$/.test(name))),
      );
    expect(fields(index.toString())).toEqual(fields(theirs.toString()));
    const sums = execFileSync('sha256sum', ['dists/stable/main/binary-amd64/Packages'], { cwd });
    const release = execFileSync('cat', ['dists/stable/Release'], { cwd }).toString();
    expect(release).toContain(` ${sums.toString().slice(0, 64)} ${index.length} main/`);
  });

  test('refuses a package that is another than the locked one', async () => {
    const { input, folder } = await mirror();
    const store = await openStore(join(folder, 'store'));
    const [first, second] = input.debs.packages;
    const swapped = { ...first!, sha256: second!.sha256, size: second!.size };
    const debs = { indexes: [], packages: [swapped] };
    const place = { store, workFolder: join(folder, 'work') };
    await expect(mirrorEntries({ ...input, debs }, place, io)).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
    });
  });

  test('has a Release file for the codename and the suite that was asked for', async () => {
    const { input } = await mirror();
    const indexes = new Map([
      ['amd64', Buffer.from('x')],
      ['i386', Buffer.from('yy')],
    ]);
    expect(releaseText(input, indexes)).toBe(
      [
        'Suite: stable',
        'Codename: trixie',
        'Components: main',
        'Architectures: amd64 i386',
        'SHA256:',
        ` ${sha256Of('x')} 1 main/binary-amd64/Packages`,
        ` ${sha256Of('yy')} 2 main/binary-i386/Packages`,
        '',
      ].join('\n'),
    );
  });
});
