import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { platforms } from '../../../src/base/platform.ts';
import type { Step } from '../../../src/engines/step.ts';
import type { RunInBuilder } from '../../../src/kinds/contract.ts';
import { resolveDebootstrap } from '../../../src/kinds/debootstrap/choose/resolve.ts';
import { debootstrap } from '../../../src/kinds/debootstrap/schema.ts';
import { sourceSuites } from '../../../src/packages/deb/archive/extra-source.ts';
import { proveDebs } from '../../../src/packages/deb/archive/prove-debs.ts';
import type { LockedDebs } from '../../../src/packages/deb/locked-debs.ts';
import { isProven } from '../../../src/packages/proof.ts';
import { openStore } from '../../../src/store/store.ts';
import { readContent } from '../../../src/tar/content.ts';
import { buildDeb } from '../../support/deb.ts';
import { buildArchive, type TestArchive, type TestPackage } from '../../support/debian-archive.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { collect, entriesOf, file, streamOf, tarOf } from '../../support/tar.ts';

const io = { emit: () => {}, signal: new AbortController().signal };
const mirror = 'http://mirror.example/debian';

const required = { Priority: 'required' };
const base: readonly TestPackage[] = [
  { name: 'dpkg', fields: { ...required, Essential: 'yes' } },
  { name: 'libc6', version: '2.41-1' },
  { name: 'passwd', fields: { Priority: 'important' } },
  { name: 'postfix', fields: { Provides: 'mail-transport-agent' } },
  { name: 'exim4', fields: { Provides: 'mail-transport-agent' } },
  { name: 'flask', fields: { Provides: 'web-framework' } },
];
const newer = { name: 'libc6', version: '2.41-1+deb13u1', fields: required };

/** An archive with a suite and two that update it, the second also where security updates are. */
async function archiveOf(): Promise<TestArchive> {
  const archive = await buildArchive({ packages: base });
  onTestFinished(() => archive.close());
  await buildArchive({ packages: [], suite: 'trixie-updates', into: archive });
  await buildArchive({ packages: [newer], suite: 'trixie-security', into: archive });
  return archive;
}

/** A builder that says what it is told to, and remembers what it was asked. */
function builder(answer: Readonly<Record<string, string>>) {
  const asked: Omit<Step, 'toolchain'>[] = [];
  const inputs: Record<string, string> = {};
  const run: RunInBuilder = async (step, consume) => {
    asked.push(step);
    for (const entry of await entriesOf(await collect(step.input))) {
      if (entry.type !== 'file') continue;
      inputs[entry.path] = (await readContent(entry.content)).toString();
    }
    const texts = Object.entries({ mirror: `${mirror}\n`, ...answer });
    return consume(streamOf(await tarOf(texts.map(([name, text]) => file(name, text)))));
  };
  return { run, asked, inputs };
}

const choice = (index: number, name: string, version: string) =>
  `'file:/build/index/${index}/./x.deb' ${name}_${version}_amd64.deb 1 SHA256:00\n`;

const chosen = {
  base:
    choice(2, 'libc6', '2.41-1+deb13u1') +
    choice(0, 'dpkg', '1.0-1') +
    choice(0, 'passwd', '1.0-1'),
};

interface Wish {
  readonly fields?: object;
  readonly packages?: readonly string[];
  readonly answer?: Readonly<Record<string, string>>;
}

/** Pins what the fields ask for, out of the test's archive alone. */
async function resolve(
  archive: TestArchive,
  run: RunInBuilder,
  { fields = {}, packages = [] }: Wish,
) {
  const store = await openStore(temporaryFolder());
  const sources = { store, offline: false, mirror: undefined, env: {}, allow: [], now: new Date() };
  const source = debootstrap.parse({ suite: 'trixie', keyrings: ['key.asc'], ...fields });
  const debian = {
    ...{ store, offline: false, now: new Date(), distribution: source.distro },
    mirrors: { main: archive.url, security: archive.url },
    keyrings: source.keyrings.map((path) => join(archive.folder, path)),
  };
  const platform = platforms['linux/amd64'];
  const wanted = { name: 'test', source, packages, folder: archive.folder, platform };
  const tool = { 'usr/sbin/debootstrap': `#!/bin/sh\nDEF_MIRROR="${mirror}"\n` };
  const builderPackage = async (name: string) => streamOf(buildDeb({ name, files: tool }).bytes);
  const context = { sources, runInBuilder: run, builderPackage, folder: temporaryFolder() };
  const further = sourceSuites(source.sources, archive.folder, debian);
  return resolveDebootstrap(wanted, { own: debian, sources: further }, context, io);
}

async function lock({ answer = chosen, ...wish }: Wish = {}) {
  const archive = await archiveOf();
  const { run, asked, inputs } = builder(answer);
  return { locking: resolve(archive, run, wish), asked, inputs, archive };
}

describe('resolveDebootstrap', () => {
  test('pins what the builder chose as the signed indexes list it', async () => {
    const { locking, archive } = await lock();
    const { debs, settings: pinned } = await locking;
    expect(debs.packages.map(({ name, version, suite }) => [name, version, suite])).toEqual([
      ['dpkg', '1.0-1', 'trixie'],
      ['libc6', '2.41-1+deb13u1', 'trixie-security'],
      ['passwd', '1.0-1', 'trixie'],
    ]);
    expect(debs.packages[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(debs.indexes.map(({ suite }) => suite)).toEqual([
      'trixie',
      'trixie-updates',
      'trixie-security',
    ]);
    expect(debs.indexes[0]?.signedBy).toEqual([archive.fingerprint]);
    expect(pinned).toEqual({
      codename: 'trixie',
      mirror,
      base: ['dpkg', 'libc6', 'passwd'],
      required: ['dpkg'],
      important: ['passwd'],
      wanted: [],
    });
  });

  test('takes priorities from the suite itself, as debootstrap does', async () => {
    const { locking } = await lock();
    expect((await locking).settings.required).not.toContain('libc6');
  });

  test('shows the builder of the indexes that were authenticated what can be chosen, the suite first', async () => {
    const { locking, inputs, asked } = await lock({ packages: ['libc6', 'flask=1.0-1'] });
    await locking;
    expect(inputs['index/0/Packages']).toContain('Package: dpkg\n');
    expect(inputs['index/0/Packages']).not.toContain('Package: postfix\n');
    expect(inputs['index/2/Packages']).toContain('2.41-1+deb13u1');
    expect(inputs.release).toMatch(/^Suite: stable\nCodename: trixie\nComponents: main\n/);
    expect(asked[0]?.capabilities).toEqual([]);
    expect(asked[0]?.argv.slice(-3)).toEqual(['--', 'libc6', 'flask=1.0-1']);
  });

  test('keeps the names of what is wanted besides', async () => {
    const all = chosen.base + choice(0, 'flask', '1.0-1');
    const { locking } = await lock({ packages: ['flask=1.0-1'], answer: { ...chosen, all } });
    const { debs, settings: pinned } = await locking;
    expect(debs.packages.map(({ name }) => name)).toContain('flask');
    expect(pinned.base).not.toContain('flask');
    expect(pinned.wanted).toEqual(['flask']);
  });

  test.each([
    ['a package that no index has', choice(0, 'evil', '1.0-1')],
    ['another version', choice(0, 'dpkg', '6.6')],
    ['an index that there is not', choice(7, 'dpkg', '1.0-1')],
  ])('believes no builder that chooses %s', async (_, line) => {
    const { locking } = await lock({ answer: { base: line } });
    await expect(locking).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
      message: expect.stringContaining('no signed index lists'),
    });
  });
});

describe('what cannot be had is told before the builder is asked', () => {
  const refused = async (wish: Wish) => {
    const { locking, asked } = await lock(wish);
    const error = await locking.catch((each: unknown) => each);
    expect(asked).toEqual([]);
    return error;
  };

  test('a package that does not exist, with near names', async () => {
    expect(await refused({ packages: ['flsk'] })).toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: expect.stringContaining('Did you mean flask?'),
    });
  });

  test('a version that does not exist, with those that do', async () => {
    expect(await refused({ packages: ['libc6=1'] })).toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: expect.stringContaining('there is 2.41-1, 2.41-1+deb13u1'),
    });
  });

  test('a virtual package that several provide, with their names', async () => {
    expect(await refused({ packages: ['mail-transport-agent'] })).toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      hint: expect.stringContaining('exim4, postfix'),
    });
  });

  test('a suite that does not exist, with near names', async () => {
    expect(await refused({ fields: { suite: 'trixi' } })).toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: expect.stringContaining('Did you mean trixie?'),
      hint: expect.stringContaining('bookworm'),
    });
  });

  test('a suite of the other distribution, which is named', async () => {
    expect(await refused({ fields: { suite: 'noble' } })).toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: expect.stringMatching(/^There is no Debian suite noble at \S+\.$/),
      hint: expect.stringContaining('noble is a suite of Ubuntu'),
    });
  });

  test('updates that are not there, since somebody may be holding them back', async () => {
    const { archive, locking } = await lock();
    await locking;
    await buildArchive({ packages: base, suite: 'bookworm', into: archive });
    const fields = { suite: 'bookworm' };
    await expect(resolve(archive, builder(chosen).run, { fields })).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('has no suite bookworm-'),
      hint: expect.stringMatching(/"(?:updates|security): false"/),
    });
  });

  test('a component that the suite has not, with those that it has', async () => {
    expect(await refused({ fields: { components: ['universe'] } })).toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      hint: expect.stringContaining('main'),
    });
  });

  test("an archive that the distribution's keys have not signed", async () => {
    expect(await refused({ fields: { keyrings: [] } })).toMatchObject({ code: 'SOURCE_UNTRUSTED' });
  });
});

test('a virtual package that only one provides stands for that one', async () => {
  const { locking, asked } = await lock({ packages: ['web-framework'] });
  await locking;
  expect(asked[0]?.argv.at(-1)).toBe('web-framework');
});

describe('further sources', () => {
  const backports = async () => {
    const archive = await archiveOf();
    const release = (text: string) =>
      text.replace('Origin:', 'NotAutomatic: yes\nButAutomaticUpgrades: yes\nOrigin:');
    const packages = [{ name: 'flask', version: '9' }];
    await buildArchive({ packages, suite: 'trixie-backports', into: archive, faults: { release } });
    return archive;
  };
  const fields = { sources: [{ suite: 'trixie-backports' }] };

  test('are told to apt with their priority, and a package with the suite it is asked from', async () => {
    const all = chosen.base + choice(3, 'flask', '9');
    const { run, asked, inputs } = builder({ ...chosen, all });
    const wish = { fields, packages: ['flask/trixie-backports'] };
    const { debs } = await resolve(await backports(), run, wish);
    expect(asked[0]?.argv.slice(-2)).toEqual(['--', 'flask/suite-3']);
    expect(inputs['index/3/Release']).toMatch(/^Suite: suite-3$/m);
    expect(inputs.preferences).toBe('Package: *\nPin: release a=suite-3\nPin-Priority: 100\n');
    expect(debs.packages.find(({ name }) => name === 'flask')?.suite).toBe('trixie-backports');
  });

  test('that differ in nothing are not told, nor are there any preferences', async () => {
    const { locking, inputs } = await lock();
    await locking;
    expect(Object.keys(inputs).filter((name) => !name.endsWith('Packages'))).toEqual(['release']);
  });

  test('that have not the package asked from them are told before the builder is asked', async () => {
    const { run, asked } = builder(chosen);
    const wish = { fields, packages: ['passwd/trixie-backports'] };
    await expect(resolve(await backports(), run, wish)).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: 'There is no package passwd in trixie-backports.',
    });
    expect(asked).toEqual([]);
  });
});

describe('a base set that leaves nothing to choose', () => {
  const apt = { name: 'apt', fields: { Depends: 'libc6, passwd' } };
  /** Pins the base set of an archive in which apt has these dependencies; says what the builder was asked. */
  const own = async (libc: object, ...others: readonly TestPackage[]) => {
    const archive = await archiveOf();
    await buildArchive({ packages: [...base, apt, ...others], into: archive });
    const updates = { suite: 'trixie-security', into: archive };
    await buildArchive({ packages: [{ ...newer, fields: { ...required, ...libc } }], ...updates });
    const { run, asked } = builder(chosen);
    const { debs, settings } = await resolve(archive, run, {});
    const packages = debs.packages.map(({ name, version, suite }) => [name, version, suite]);
    return { packages, settings, asked };
  };

  test('is pinned without a builder, each package by its newest version', async () => {
    const { packages, settings: pinned, asked } = await own({});
    expect(asked).toEqual([]);
    expect(packages).toEqual([
      ['apt', '1.0-1', 'trixie'],
      ['dpkg', '1.0-1', 'trixie'],
      ['libc6', '2.41-1+deb13u1', 'trixie-security'],
      ['passwd', '1.0-1', 'trixie'],
    ]);
    expect(pinned.base).toEqual(['apt', 'dpkg', 'libc6', 'passwd']);
    expect(pinned.mirror).toBe(mirror);
  });

  test('takes what only a newer version depends on', async () => {
    const { packages, asked } = await own({ Depends: 'flask' });
    expect(asked).toEqual([]);
    expect(packages.map(([name]) => name)).toContain('flask');
  });

  test.each<[string, object, TestPackage[]]>([
    ['a newer version depends on one of two', { Depends: 'flask | postfix' }, []],
    ['it depends on what several provide', { Depends: 'mail-transport-agent' }, []],
    ['it depends on another version than there is', { Depends: 'flask (>= 2)' }, []],
    ['it excludes another package', { Breaks: 'passwd' }, []],
    [
      'another provides the same',
      { Depends: 'flask' },
      [{ name: 'f', fields: { Provides: 'flask' } }],
    ],
  ])('is left to apt where %s', async (_, libc, others) => {
    const { asked } = await own(libc, ...others);
    const [relative, suite, architecture, components, names] = asked[0]?.argv.slice(4) ?? [];
    expect([relative, suite, architecture, components]).toEqual(['sid', 'trixie', 'amd64', 'main']);
    expect(names).toBe('apt dpkg libc6 passwd');
  });

  test('is left to debootstrap for a suite that may have a script of its own', async () => {
    const archive = await archiveOf();
    await buildArchive({ packages: [...base, apt], suite: 'kali-rolling', into: archive });
    const { run, asked } = builder({ base: choice(0, 'dpkg', '1.0-1') });
    const fields = { suite: 'kali-rolling', updates: false, security: false };
    expect((await resolve(archive, run, { fields })).settings.mirror).toBe(mirror);
    expect(asked[0]?.argv[8]).toBe('');
  });
});

describe('packages of a foreign architecture', () => {
  const foreign = { i386: [{ name: 'libc6', version: '2.41-1' }, { name: 'wine' }] };
  const archive = async () => {
    const made = await archiveOf();
    await buildArchive({ packages: base, foreign, into: made });
    return made;
  };
  const i386 = "'file:/build/index/1/./x.deb' libc6_2.41-1_i386.deb 1 SHA256:00\n";
  const numbered = { base: choice(0, 'dpkg', '1.0-1'), all: choice(0, 'dpkg', '1.0-1') + i386 };

  test('are chosen from their own index, and pinned beside those of the image', async () => {
    const { run, asked, inputs } = builder(numbered);
    const wish = { packages: ['libc6:i386'] };
    const { debs, settings: pinned } = await resolve(await archive(), run, wish);
    expect(inputs['index/1/architecture']).toBe('i386\n');
    expect(inputs['index/0/architecture']).toBeUndefined();
    expect(asked[0]?.argv.at(-1)).toBe('libc6:i386');
    expect(debs.packages.map(({ name, architecture }) => `${name}:${architecture}`)).toEqual([
      'dpkg:amd64',
      'libc6:i386',
    ]);
    expect(pinned.wanted).toEqual(['libc6:i386']);
    expect(pinned.base).toEqual(['dpkg']);
  });

  test.each([
    ['another hash', { sha256: '0'.repeat(64) }],
    ['the architecture of the image', { architecture: 'amd64', version: '2.41-2' }],
    ['an architecture that the suite has not', { architecture: 'armhf' }],
    ['the package of another name', { name: 'wine' }],
  ])(
    'are proven by the index of their own, and a lock that claims %s is refused',
    async (_, forged) => {
      const made = await archive();
      const { run } = builder(numbered);
      const { debs } = await resolve(made, run, { packages: ['libc6:i386'] });
      const context = {
        ...{ store: await openStore(temporaryFolder()), offline: false, now: new Date() },
        mirrors: { main: made.url, security: made.url },
        keyrings: [made.keyFile],
      };
      const suites = ['trixie', 'trixie-updates', 'trixie-security'];
      const asked = { suites, components: ['main'] };
      const prove = (packages: LockedDebs['packages']) =>
        proveDebs({ ...debs, packages }, asked, platforms['linux/amd64'], context, io);
      const sound = await prove(debs.packages);
      expect(sound.refusals).toEqual([]);
      expect(sound.inputs.every(isProven)).toBe(true);
      const packages = debs.packages.map((each) =>
        each.architecture === 'i386' ? { ...each, ...forged } : each,
      );
      const proof = await prove(packages);
      expect(proof.refusals.length).toBeGreaterThan(0);
    },
  );

  test.each([
    ['an architecture that the suite has not', 'libc6:armhf', /binary-armhf/],
    ['a package that only the image has', 'passwd:i386', /no package passwd/],
    ['a package that only the foreign one has', 'wine', /no package wine/],
  ])('are refused before the builder is asked: %s', async (_, word, message) => {
    const { run, asked } = builder(numbered);
    await expect(
      resolve(await archive(), run, { packages: ['libc6:i386', word] }),
    ).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: expect.stringMatching(message),
    });
    expect(asked).toEqual([]);
  });
});

describe('what is left out of the base set', () => {
  const exclude = (...names: string[]) => ({
    exclude: Object.fromEntries(names.map((name) => [name, 'not needed'])),
  });

  test('is told to debootstrap', async () => {
    const { locking, asked } = await lock({ fields: exclude('postfix') });
    await locking;
    expect(asked[0]?.argv).toContain('--exclude=usrmerge,postfix');
  });

  test.each([
    ['dpkg', /essential/],
    ['apt', /installs the others/],
  ])('cannot be %s', async (name, message) => {
    const { locking, asked } = await lock({ fields: exclude(name) });
    await expect(locking).rejects.toMatchObject({
      code: 'PACKAGE_CONFLICT',
      message: expect.stringMatching(message),
    });
    expect(asked).toEqual([]);
  });

  test('cannot come along as a dependency unnoticed', async () => {
    const { locking } = await lock({ fields: exclude('passwd') });
    await expect(locking).rejects.toMatchObject({
      code: 'PACKAGE_CONFLICT',
      message: expect.stringContaining('depends on it'),
    });
  });
});
