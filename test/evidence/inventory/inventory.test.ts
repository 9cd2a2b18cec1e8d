import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Inventory,
  type InventoryInput,
  takeInventory,
} from '../../../src/evidence/inventory/inventory.ts';
import { loadRecipe } from '../../../src/kinds/kinds.ts';
import type { Linked } from '../../../src/kinds/static/link/linked.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import type { LockedPackage } from '../../../src/packages/deb/locked-debs.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { buildDeb, type TestPackage } from '../../support/deb.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { lockedDeb, lockedDebs, lockedToolchain, lockOf } from '../../support/lock.ts';
import { writeTree } from '../../support/recipe.ts';
import { recordingIo, sha256Of } from '../../support/store.ts';
import { device, directory, file, hardlink, symlink, tarOf } from '../../support/tar.ts';

const { io } = recordingIo();
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const q1 = (text: string) => `Q1${createHash('sha1').update(text).digest('base64')}`;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const debootstrap = 'from: { debootstrap: { distro: debian, suite: trixie } }';

const debootstrapLock = (...packages: readonly LockedPackage[]): Lock => {
  const settings = { codename: 'trixie', mirror: '', base: [], required: [], important: [] };
  return lockOf('debootstrap', { debs: lockedDebs(...packages), settings });
};

interface Case {
  readonly from?: string;
  /** Further lines of the recipe. */
  readonly more?: string;
  readonly beside?: Readonly<Record<string, string>>;
  readonly lock?: Lock;
  readonly stored?: readonly Uint8Array[];
}

async function take(
  entries: readonly Entry[],
  { from = debootstrap, more = '', beside = {}, lock = debootstrapLock(), stored = [] }: Case = {},
  rest: Partial<Pick<InventoryInput, 'record' | 'beforeRun'>> = {},
): Promise<Inventory> {
  const folder = temporaryFolder();
  await writeTree(folder, { 'recipe.yaml': `name: demo\n${from}\n${more}\n`, ...beside });
  const recipe = await loadRecipe('./recipe.yaml', folder);
  const store: Store = await openStore(join(folder, 'cache'));
  for (const bytes of stored) await store.write(once(bytes), sha256Of(bytes));
  return takeInventory({ recipe, lock, entries, store, ...rest }, io);
}

/** Path → the component's name (or what it is of the recipe), and how that is known. */
const ownersIn = ({ files, components }: Inventory) => {
  const names = new Map(
    components.map(({ id, name, kind }) => [id, kind === 'deb' || kind === 'apk' ? name : id]),
  );
  return Object.fromEntries(
    files.map(({ path, component, attribution }) => [
      path,
      component === undefined ? 'nothing' : `${names.get(component)} by ${attribution?.by}`,
    ]),
  );
};

const osRelease = file('etc/os-release', 'ID=debian\nVERSION_ID="13"\n');

const stanza = (name: string, more = '') =>
  `Package: ${name}\nStatus: install ok installed\nVersion: 1-1\nArchitecture: amd64\n${more}`;

const status = (...stanzas: string[]) => file('var/lib/dpkg/status', `${stanzas.join('\n')}\n`);
const info = (name: string, text: string) => file(`var/lib/dpkg/info/${name}`, text);

describe("a rootfs with dpkg's database", () => {
  const demo = [
    osRelease,
    status(
      stanza('demo', `Source: source (2-1)\nConffiles:\n /etc/demo.conf ${md5('set')}\n`),
      stanza('dpkg'),
    ),
    info(
      'demo:amd64.list',
      '/.\n/bin\n/bin/demo\n/usr/share/demo\n/etc/demo.conf\n/usr/lib/link\n',
    ),
    info('demo:amd64.md5sums', `${md5('program')}  bin/demo\n${md5('data')}  usr/share/demo\n`),
    symlink('bin', 'usr/bin'),
    file('usr/bin/demo', 'program'),
    symlink('usr/lib/link', 'anywhere'),
    file('etc/demo.conf', 'set'),
  ];

  test('belongs to its packages where the bytes are theirs, through the links of the /usr merge', async () => {
    const inventory = await take([...demo, file('usr/share/demo', 'data')]);
    expect(ownersIn(inventory)).toMatchObject({
      'usr/bin/demo': 'demo by package',
      'usr/share/demo': 'demo by package',
      'etc/demo.conf': 'demo by package',
      'usr/lib/link': 'demo by listed',
      'var/lib/dpkg/status': 'dpkg by rule',
    });
    expect(inventory.distro).toBe('debian-13');
    expect(inventory.components.map(({ id }) => id)).toEqual([
      'pkg:deb/debian/demo@1-1?arch=amd64&distro=debian-13&upstream=source%402-1',
      'pkg:deb/debian/dpkg@1-1?arch=amd64&distro=debian-13',
    ]);
  });

  test('does not believe a package of a file that is not as it shipped it', async () => {
    const { unattributed } = await take([...demo, file('usr/share/demo', 'changed')]);
    expect(unattributed).toContainEqual({
      path: 'usr/share/demo',
      reason: expect.stringMatching(
        /^pkg:deb\/debian\/demo@.* states md5 [0-9a-f]{32} of it, and it is another$/,
      ),
    });
  });

  test('tells every path that nothing explains, whatever its type', async () => {
    const { unattributed } = await take([
      ...demo,
      directory('opt'),
      file('opt/mystery', 'x'),
      hardlink('opt/again', 'opt/mystery'),
      symlink('opt/link', 'mystery'),
      device('opt/device', 'character', 1, 3),
    ]);
    const paths = unattributed.map(({ path }) => path).filter((path) => path.startsWith('opt'));
    expect(paths).toEqual(['opt/again', 'opt/device', 'opt/link', 'opt/mystery']);
  });

  test('moves what a diversion moved, except for the package that keeps the path', async () => {
    const inventory = await take([
      osRelease,
      status(stanza('first'), stanza('second'), stanza('dpkg')),
      info('first.list', '/bin/tool\n'),
      info('first.md5sums', `${md5('first')}  bin/tool\n`),
      info('second.list', '/bin/tool\n'),
      info('second.md5sums', `${md5('second')}  bin/tool\n`),
      file('var/lib/dpkg/diversions', '/bin/tool\n/bin/tool.distrib\nsecond\n'),
      file('bin/tool', 'second'),
      file('bin/tool.distrib', 'first'),
    ]);
    expect(ownersIn(inventory)).toMatchObject({
      'bin/tool': 'second by package',
      'bin/tool.distrib': 'first by package',
    });
  });

  test('gives alternatives to the package of what was chosen, were it slimmed away', async () => {
    const inventory = await take([
      osRelease,
      status(stanza('mawk'), stanza('dpkg')),
      info('mawk.list', '/usr/bin/mawk\n/usr/share/man/man1/mawk.1.gz\n'),
      file('usr/bin/mawk', 'awk'),
      symlink('usr/bin/awk', '/etc/alternatives/awk'),
      symlink('etc/alternatives/awk', '/usr/bin/mawk'),
      symlink('etc/alternatives/awk.1.gz', '/usr/share/man/man1/mawk.1.gz'),
    ]);
    expect(ownersIn(inventory)).toMatchObject({
      'usr/bin/awk': 'mawk by rule',
      'etc/alternatives/awk': 'mawk by rule',
      'etc/alternatives/awk.1.gz': 'mawk by rule',
    });
  });

  test('applies no rule of a package that is not there', async () => {
    const { unattributed } = await take([...demo, file('etc/ld.so.cache', 'x')]);
    expect(unattributed.map(({ path }) => path)).toContain('etc/ld.so.cache');
  });

  test('lists what dpkg-query lists: also what is only half there, not what is not', async () => {
    const { components } = await take([
      osRelease,
      status(
        stanza('whole'),
        stanza('rest').replace('install ok installed', 'deinstall ok config-files'),
        stanza('gone').replace('install ok installed', 'purge ok not-installed'),
      ),
    ]);
    expect(components.map(({ name }) => name)).toEqual(['rest', 'whole']);
  });

  test('names the .deb by its hash where the lock has that very package', async () => {
    const withDemo = (version: string) =>
      debootstrapLock(lockedDeb('demo', { version, sha256: version }));
    const documents = file('usr/share/doc/demo/copyright', 'some words');
    const sha256 = async (version: string) =>
      (await take([...demo, documents], { lock: withDemo(version) })).components.find(
        ({ name }) => name === 'demo',
      )?.sha256;
    expect(await sha256('1-1')).toBe('1-1');
    expect(await sha256('1-2')).toBeUndefined();
  });

  test("reads each package's licence, also where its documents are a link to another's", async () => {
    const format = 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n';
    const { components } = await take([
      osRelease,
      status(stanza('base'), stanza('linked'), stanza('bare')),
      file('usr/share/doc/base/copyright', `${format}\nFiles: *\nCopyright: x\nLicense: Expat\n`),
      symlink('usr/share/doc/linked', 'base'),
    ]);
    expect(components.map(({ name, licence }) => [name, licence.expression])).toEqual([
      ['bare', 'NOASSERTION'],
      ['base', 'MIT'],
      ['linked', 'MIT'],
    ]);
  });
});

describe("a rootfs with apk's database", () => {
  const installed = (...lines: string[]) =>
    file(
      'lib/apk/db/installed',
      `${['P:busybox', 'V:1.36-r0', 'A:x86_64', 'L:GPL-2.0-only', ...lines].join('\n')}\n\n`,
    );

  test('belongs to its packages by the hashes of files and of the targets of links', async () => {
    const inventory = await take([
      file('etc/os-release', 'ID=alpine\nVERSION_ID=3.20.3\n'),
      installed(
        'F:bin',
        'R:busybox',
        `Z:${q1('program')}`,
        'R:sh',
        `Z:${q1('/bin/busybox')}`,
        'R:ash',
        `Z:${q1('/bin/other')}`,
      ),
      file('bin/busybox', 'program'),
      symlink('bin/sh', '/bin/busybox'),
      symlink('bin/ash', '/evil'),
      symlink('bin/ls', '/bin/busybox'),
    ]);
    expect(ownersIn(inventory)).toMatchObject({
      'bin/busybox': 'busybox by package',
      'bin/sh': 'busybox by package',
      'bin/ash': 'nothing',
      'bin/ls': 'busybox by rule',
    });
    expect(inventory.components[0]).toMatchObject({
      id: 'pkg:apk/alpine/busybox@1.36-r0?arch=x86_64&distro=alpine-3.20.3',
      licence: { expression: 'GPL-2.0-only' },
    });
  });
});

describe('a rootfs of packages that were only unpacked', () => {
  async function unpacked(packages: readonly TestPackage[], entries: readonly Entry[]) {
    const debs = packages.map((each) => ({ each, ...buildDeb(each) }));
    const locked = debs.map(({ each, bytes, filename }) =>
      lockedDeb(each.name, {
        version: each.version ?? '1.0-1',
        architecture: each.architecture ?? 'amd64',
        filename: `pool/${filename}`,
        size: bytes.length,
        sha256: sha256Of(bytes),
      }),
    );
    return take(entries, {
      from: `from: { debs: { packages: [${packages.map(({ name }) => name).join(', ')}] } }`,
      lock: lockOf('debs', lockedDebs(...locked)),
      stored: debs.map(({ bytes }) => bytes),
    });
  }

  test('is held against the .debs themselves, and knows its distribution by the suite', async () => {
    const demo = {
      name: 'demo',
      files: { 'bin/demo': 'program', 'usr/lib/so': { symlink: 'so.1' } },
    };
    const { control } = buildDeb(demo);
    const inventory = await unpacked(
      [demo],
      [
        symlink('bin', 'usr/bin'),
        file('usr/bin/demo', 'program'),
        symlink('usr/lib/so', 'so.1'),
        symlink('usr/lib/so.1', 'elsewhere'),
        file('var/lib/dpkg/status.d/demo', control),
      ],
    );
    expect(ownersIn(inventory)).toEqual({
      bin: 'recipe:from by rule',
      'usr/bin/demo': 'demo by package',
      'usr/lib/so': 'demo by package',
      'usr/lib/so.1': 'nothing',
      'var/lib/dpkg/status.d/demo': 'demo by package',
    });
    expect(inventory.distro).toBe('debian-13');
  });

  test('has licences though its documents were slimmed away: they are in the .debs', async () => {
    const { components } = await unpacked(
      [
        {
          name: 'base',
          files: {
            'usr/share/doc/base/copyright':
              'same terms as Perl, under the same terms as Perl itself',
          },
        },
        { name: 'linked', files: { 'usr/share/doc/linked': { symlink: 'base' } } },
      ],
      [file('x', '')],
    );
    expect(components.map(({ licence }) => licence.expression)).toEqual([
      'Artistic-1.0-Perl OR GPL-1.0-or-later',
      'Artistic-1.0-Perl OR GPL-1.0-or-later',
    ]);
  });
});

describe("the recipe's own part", () => {
  const more = `
files:
  - { path: /inline, content: hello }
  - { path: /beside, source: beside.txt }
  - { path: /link, symlink: inline }
  - { path: /joined, concatenate: /part.* }
  - { path: /folder, directory: true }
accounts: { users: [{ name: app, uid: 1000 }] }`;
  const beside = { 'beside.txt': 'from the folder' };
  const parts = [file('part.a', 'a'), file('part.b', 'b')];
  const placed = [
    ...parts,
    file('inline', 'hello'),
    file('beside', 'from the folder'),
    symlink('link', 'inline'),
    file('joined', 'ab'),
    directory('folder'),
    file('etc/passwd', 'root:x:0:0::/:\napp:x:1000:1000::/:\n'),
  ];

  test('owns what its files and accounts place', async () => {
    const inventory = await take(placed, { more, beside });
    expect(ownersIn(inventory)).toMatchObject({
      inline: 'recipe:files by recipe',
      beside: 'recipe:files by recipe',
      link: 'recipe:files by recipe',
      joined: 'recipe:files by recipe',
      'etc/passwd': 'recipe:accounts by recipe',
    });
    const files = inventory.components.find(({ kind }) => kind === 'files');
    expect(files?.inputs.map(({ path }) => path)).toEqual(['recipe.yaml', 'beside.txt']);
  });

  test('does not own what is not as it asks for', async () => {
    const changed = placed.map((entry) =>
      ['inline', 'beside', 'joined'].includes(entry.path) ? file(entry.path, 'other') : entry,
    );
    const { unattributed } = await take(changed, { more, beside });
    const paths = unattributed.map(({ path }) => path).filter((path) => !path.startsWith('part'));
    expect(paths).toEqual(['beside', 'inline', 'joined']);
  });

  test('owns what its commands made or changed, and nothing of what they left as it was', async () => {
    const before = [
      osRelease,
      status(stanza('libc-bin')),
      info('libc-bin.list', '/kept\n/edited\n/etc/os-release\n'),
      info('libc-bin.md5sums', `${md5('kept')}  kept\n${md5('edited')}  edited\n`),
      file('kept', 'kept'),
      file('edited', 'edited'),
      file('stray', 'stray'),
      symlink('turned', 'here'),
    ];
    const after = [
      ...before.filter(({ path }) => !['edited', 'turned'].includes(path)),
      file('edited', 'by the command'),
      symlink('turned', 'there'),
      file('made', 'new'),
      file('etc/ld.so.cache', 'by the command'),
    ];
    const inventory = await take(after, { more: 'run: [["true"]]' }, { beforeRun: before });
    expect(ownersIn(inventory)).toMatchObject({
      kept: 'libc-bin by package',
      edited: 'recipe:run by recipe',
      turned: 'recipe:run by recipe',
      made: 'recipe:run by recipe',
      'etc/ld.so.cache': 'recipe:run by recipe',
      stray: 'nothing',
    });
  });
});

describe('a published root filesystem', () => {
  test('owns what no package of it does, as long as it is as published', async () => {
    const archive = await tarOf([
      file('etc/issue', 'welcome'),
      file('etc/motd', 'hello'),
      hardlink('etc/again', 'etc/issue'),
      symlink('sh', 'bin/sh'),
    ]);
    const rootfs = {
      name: 'rootfs-1.2.tar',
      url: 'https://example.org/rootfs-1.2.tar',
      sha256: sha256Of(archive),
      trust: { by: 'recipe' },
    };
    const inventory = await take(
      [
        file('etc/issue', 'welcome'),
        file('etc/motd', 'changed'),
        hardlink('etc/again', 'etc/issue'),
        symlink('sh', 'bin/sh'),
      ],
      {
        from: `from: { minirootfs: { url: "${rootfs.url}", sha256: ${rootfs.sha256} } }\nepoch: 0`,
        lock: lockOf('minirootfs', { archive: rootfs }),
        stored: [archive],
      },
    );
    const id = `pkg:generic/rootfs@1.2?checksum=sha256%3A${rootfs.sha256}&download_url=https%3A%2F%2Fexample.org%2Frootfs-1.2.tar`;
    expect(ownersIn(inventory)).toEqual({
      'etc/issue': `${id} by archive`,
      'etc/again': `${id} by archive`,
      sh: `${id} by archive`,
      'etc/motd': 'nothing',
    });
  });
});

describe('a static program', () => {
  const from = 'from: { static: { toolchain: gcc-musl, sources: [main.c], include: [inc] } }';
  const beside = { 'main.c': 'int main;', 'inc/a.h': '', 'unused.c': '' };
  const locked = lockedDeb('musl-dev', { version: '1.2.5-3', source: 'musl', sha256: 'abc' });
  const toolchain = lockedToolchain('gcc-musl', lockedDebs(locked));
  const lock = lockOf('static', {}, { toolchain });
  const musl = {
    name: 'musl-dev',
    control: 'Package: musl-dev\nVersion: 1.2.5-3\nArchitecture: amd64\nSource: musl\n',
    copyright: undefined,
  };
  const libc = '/usr/lib/x86_64-linux-musl/libc.a';
  const linkedOf = (inputs: Linked['programs'][number]['inputs']): Linked => ({
    programs: [{ path: '/demo', inputs }],
    packages: [musl],
  });

  test('belongs to its sources, and names what was linked into it by package', async () => {
    const linked = linkedOf([{ file: libc, members: ['puts.o', 'exit.o'], package: 'musl-dev' }]);
    const inventory = await take(
      [file('demo', 'elf')],
      { from, beside, lock },
      { record: { linked } },
    );
    expect(ownersIn(inventory)).toEqual({ demo: 'recipe:sources by link' });
    expect(inventory.unattributed).toEqual([]);
    const [library, sources] = inventory.components;
    expect(library).toMatchObject({
      id: 'pkg:deb/debian/musl-dev@1.2.5-3?arch=amd64&distro=debian-13&upstream=musl',
      sha256: 'abc',
      linked: [
        {
          program: 'demo',
          objects: [
            'usr/lib/x86_64-linux-musl/libc.a(exit.o)',
            'usr/lib/x86_64-linux-musl/libc.a(puts.o)',
          ],
        },
      ],
    });
    expect(sources?.inputs.map(({ path }) => path)).toEqual(['recipe.yaml', 'inc/a.h', 'main.c']);
  });

  test.each([
    [undefined, 'no record of its link says what went into it'],
    [
      [{ file: '/opt/x.o', package: undefined }],
      '/opt/x.o was linked into it, which no package of the toolchain ships',
    ],
  ])('of which not all is known is told as such (%#)', async (inputs, reason) => {
    const input = { from, beside, lock };
    const inventory = await take([file('demo', 'elf')], input, {
      record: { linked: linkedOf(inputs) },
    });
    expect(inventory.unattributed).toEqual([{ path: 'demo', reason }]);
  });
});
