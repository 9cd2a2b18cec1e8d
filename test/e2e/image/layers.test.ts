import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../../src/pipeline/request.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { tool } from '../../support/image-cli.ts';
import { everyEngine } from '../support/engines.ts';
import { mkbase } from '../support/mkbase.ts';

const work = temporaryFolder();

const base = `name: layers-base
from: { debs: { packages: [busybox-static] } }
files:
  - { path: /usr/bin/sh, symlink: busybox }
  - { path: /etc/greeting, content: "Hello\\n" }
  - { path: /srv/kept/a, content: "a\\n" }
  - { path: /srv/gone/b, content: "b\\n" }
image: { cmd: [busybox, cat, /etc/greeting] }
`;

const app = (name: string, greeting: string) => `name: ${name}
extends: ./base.yaml
files: [{ path: /etc/greeting, content: "${greeting}\\n" }]
run: [[sh, -c, "busybox rm -r /srv/gone && busybox ln /srv/kept/a /srv/kept/z"]]
test: [{ run: [], stdout: ${greeting} }]
`;

async function build(recipe: string, ...args: string[]): Promise<BuildResult> {
  const run = await mkbase([`./${recipe}.yaml`, '--json', ...args], { cwd: work });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return JSON.parse(run.stdout) as BuildResult;
}

const two = ['--layers', 'base'];

let own: BuildResult;

beforeAll(async () => {
  writeFileSync(join(work, 'base.yaml'), base);
  writeFileSync(join(work, 'one.yaml'), app('layers-one', 'Good morning'));
  writeFileSync(join(work, 'two.yaml'), app('layers-two', 'Good night'));
  own = await build('base', '--output', 'type=oci', '--out', join(work, 'base-out'));
});

describe('an image that keeps the layer of its base', () => {
  const digests = new Set<string>();

  test.each(everyEngine)(
    "has it under the digest of the base's own image on $title",
    async ({ engine }) => {
      const out = join(work, `out-${engine}`);
      const made = await build(
        'one',
        ...two,
        '--engine',
        engine,
        '--output',
        'type=oci',
        '--out',
        out,
      );
      expect(made.diffIds).toHaveLength(2);
      expect(made.diffIds[0]).toBe(own.diffId);
      digests.add([made.diffId, ...made.diffIds, made.manifestDigest].join(' '));
      expect(digests.size).toBe(1);
    },
  );

  test('shares it with another one, and has the rootfs of the image of one layer', async () => {
    const args = ['--output', 'type=oci', '--out'];
    const one = await build('one', ...two, ...args, join(work, 'one-out'));
    const other = await build('two', ...two, ...args, join(work, 'two-out'));
    const single = await build('one', ...args, join(work, 'single-out'));
    expect(other.diffIds[0]).toBe(one.diffIds[0]);
    expect(other.diffIds[1]).not.toBe(one.diffIds[1]);
    expect(single).toMatchObject({ diffId: one.diffId, diffIds: [one.diffId] });
    expect(single.manifestDigest).not.toBe(one.manifestDigest);
  });

  test('takes away with whiteouts what its commands took away, and has all names of a file', async () => {
    const { diffIds } = await build(
      'one',
      ...two,
      '--output',
      'type=oci',
      '--out',
      join(work, 'one-out'),
    );
    const blob = `blobs/sha256/${diffIds[1]?.replace('sha256:', '')}`;
    const layer = execFileSync('tar', ['-xOf', join(work, 'one-out/image.oci.tar'), blob]);
    const listed = execFileSync('tar', ['-t'], { input: layer, encoding: 'utf8' }).split('\n');
    // A step leaves the folder that its devices were in.
    const expected = [
      'dev/',
      'etc/',
      'etc/greeting',
      'srv/',
      'srv/.wh.gone',
      'srv/kept/',
      'srv/kept/a',
    ];
    expect(listed.filter(Boolean)).toEqual([...expected, 'srv/kept/z']);
  });

  test('is verified to the byte, and made again from its lock', async () => {
    const out = join(work, 'verified');
    await build('one', ...two, '--output', 'type=oci', '--out', out);
    const args = ['verify', out, '--recipe', './one.yaml', '--rebuild'];
    const verified = await mkbase(args, { cwd: work });
    expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 });
    expect(verified.stdout).toMatch(/holds +a rebuild with \w+: manifest, config, layer/);
    const archive = join(out, 'image.oci.tar');
    const bytes = readFileSync(archive);
    const at = bytes.indexOf('srv/.wh.gone');
    bytes[at + 'srv/.wh.'.length] = 'h'.charCodeAt(0);
    writeFileSync(archive, bytes);
    const changed = await mkbase(['verify', out, '--recipe', './one.yaml'], { cwd: work });
    expect(changed.code).toBe(11);
  });
});

/** Returns type, mode, owner and digest of each path of an unpacked tree. */
const listing = (folder: string): string =>
  execFileSync(
    'sh',
    [
      '-euc',
      'cd "$1"; find . -mindepth 1 ! -path "./dev*" ! -path "./proc*" ! -path "./sys*" ! -path ./.dockerenv -printf "%p %y %m %U %G %l %n\\n" | grep -vE "^./etc/(hosts|hostname|resolv.conf|mtab)|^./(etc|run) |^./run" | sort; find . -type f ! -path "./dev*" ! -path "./etc/host*" ! -path ./etc/resolv.conf ! -path ./.dockerenv -exec sha256sum {} + | grep -v "run/" | sort -k 2',
      ...['sh', folder],
    ],
    { encoding: 'utf8' },
  );

describe('other tools', () => {
  const tags = ['docker', 'podman'].map(
    (engine) => [engine, `mkbase-layers-test/${engine}:1`] as const,
  );
  const expected = join(work, 'expected');

  beforeAll(async () => {
    const out = join(work, 'rootfs-out');
    await build('one', ...two, '--output', 'type=rootfs', '--output', 'type=oci', '--out', out);
    mkdirSync(expected);
    execFileSync('tar', ['-xpf', join(out, 'rootfs.tar'), '-C', expected]);
  });

  afterAll(async () => {
    for (const [engine, tag] of tags) await tool(engine, ['rmi', '-f', tag]).catch(() => '');
  });

  test.each(tags)('%s has both layers and finds the tree of one', async (engine, tag) => {
    const out = join(work, `loaded-${engine}`);
    const made = await build('one', ...two, '--engine', engine, '--tag', tag, '--out', out);
    expect(made.outputs).toMatchObject([{ type: 'docker' }]);
    const layers = await tool(engine, [
      'image',
      'inspect',
      '--format',
      '{{json .RootFS.Layers}}',
      tag,
    ]);
    expect(JSON.parse(layers)).toEqual(made.diffIds);
    expect(await tool(engine, ['run', '--rm', tag])).toBe('Good morning');
    const container = (await tool(engine, ['create', tag])).trim();
    const folder = temporaryFolder();
    try {
      const tar = join(folder, 'exported.tar');
      await tool(engine, ['export', '-o', tar, container]);
      const tree = join(folder, 'tree');
      mkdirSync(tree);
      execFileSync('tar', ['-xpf', tar, '-C', tree]);
      expect(listing(tree)).toBe(listing(expected));
    } finally {
      await tool(engine, ['rm', '-f', container]);
    }
    const args = ['verify', tag, '--engine', engine, '--evidence', out, '--recipe', './one.yaml'];
    const verified = await mkbase(args, { cwd: work });
    expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 });
  });

  test('umoci unpacks the same tree', async () => {
    const folder = temporaryFolder();
    const archive = join(work, 'rootfs-out/image.oci.tar');
    await tool('skopeo', ['copy', `oci-archive:${archive}`, `oci:${join(folder, 'layout')}:1`]);
    const bundle = join(folder, 'bundle');
    await tool('umoci', ['unpack', '--image', `${join(folder, 'layout')}:1`, bundle]);
    expect(listing(join(bundle, 'rootfs'))).toBe(listing(expected));
  });

  test('the namespace engine runs it from its archive', async () => {
    const args = ['run', './one.yaml', ...two, '--engine', 'namespace', '-q'];
    const run = await mkbase(args, { cwd: work });
    expect(run, run.stderr).toMatchObject({ code: 0, stdout: 'Good morning\n' });
  });
});

describe('the base is refused', () => {
  test.each([
    ['by a recipe that extends none', ['./base.yaml'], 'layers-base extends no recipe'],
    ['by an import', ['./one.yaml', '--output', 'type=import'], 'an import makes one layer'],
    ['by a recipe that adds packages', ['./more.yaml'], 'adds packages (libgcc-s1)'],
  ])('%s', async (_, words, message) => {
    const more = 'name: more\nextends: ./base.yaml\npackages: [libgcc-s1]\n';
    writeFileSync(join(work, 'more.yaml'), more);
    const run = await mkbase([...words, ...two], { cwd: work });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
