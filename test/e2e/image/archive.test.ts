import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../src/base/run-command.ts';
import type { Image } from '../../../src/image/image.ts';
import { placeImage } from '../../../src/outputs/place.ts';
import { mismatchesOf } from '../../../src/verify/report.ts';
import { verify } from '../../../src/verify/verify.ts';
import { temporaryFolder } from '../../support/folder.ts';
import {
  documentsOf,
  type Forgery,
  forge,
  type Loose,
  membersOf,
} from '../../support/foreign-archive.ts';
import { imageOf, makeRootfs, plainFile, quietIo } from '../../support/image.ts';
import { tool } from '../../support/image-cli.ts';
import { makeOutputFolder } from '../../support/output-folder.ts';
import { file } from '../../support/tar.ts';

const folder = temporaryFolder();
const name = 'mkbase-image-test/archive';
const archive = join(folder, 'image.tar');
const layout = join(folder, 'layout');
const content = Buffer.from('some content that no other byte of the archive repeats');

let image: Image;

beforeAll(async () => {
  const rootfs = await makeRootfs(folder, [plainFile('etc', content)]);
  image = imageOf(rootfs, { cmd: ['/etc'], labels: { a: 'b' } });
  const outputs = [
    { type: 'oci', dest: archive },
    { type: 'oci', dest: `${layout}/` },
  ] as const;
  const context = { outDir: folder, tags: [`${name}:1`], store: undefined };
  const placed = await placeImage(image, outputs, context, quietIo());
  await placed.commit();
});

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('an OCI archive', () => {
  test.each([
    ['oci-archive', () => `oci-archive:${archive}`],
    ['oci-archive with the tag', () => `oci-archive:${archive}:1`],
    ['oci', () => `oci:${layout}`],
    ['oci with the tag', () => `oci:${layout}:1`],
  ])('has our manifest digest and layers for skopeo as %s', async (_, reference) => {
    const seen = JSON.parse(await tool('skopeo', ['inspect', reference()]));
    expect(seen.Digest).toBe(image.manifest.digest);
    expect(seen.Layers).toEqual([image.rootfs.diffId]);
    expect(seen.Labels).toEqual({ a: 'b', 'io.mkbase.recipe': 'sample' });
    expect(seen.Created).toBe('2024-01-01T00:00:00Z');
  });

  test('is a Docker archive for skopeo too, with our config, byte for byte', async () => {
    const reference = `docker-archive:${archive}:${name}:1`;
    const config = await runCommand({
      file: 'skopeo',
      args: ['inspect', '--config', '--raw', reference],
    });
    expect(sha256(Buffer.from(config.stdout))).toBe(image.config.digest);
  });

  test('has the layer that the tar is: one sha256 everywhere', async () => {
    const ofTar = sha256(readFileSync(image.rootfs.tar));
    const config = JSON.parse(Buffer.from(image.config.bytes).toString());
    const blob = readFileSync(join(layout, 'blobs', ofTar.replace(':', '/')));
    expect([image.rootfs.diffId, config.rootfs.diff_ids[0], sha256(blob)]).toEqual([
      ofTar,
      ofTar,
      ofTar,
    ]);
  });

  test('copies with skopeo without a changed digest', async () => {
    const copy = join(folder, 'copy');
    await tool('skopeo', ['copy', '--preserve-digests', `oci-archive:${archive}`, `dir:${copy}`]);
    expect(sha256(readFileSync(join(copy, 'manifest.json')))).toBe(image.manifest.digest);
  });

  test('unpacks with umoci', async () => {
    const bundle = join(folder, 'bundle');
    await tool('umoci', ['unpack', '--rootless', '--image', `${layout}:1`, bundle]);
    expect(readFileSync(join(bundle, 'rootfs', 'etc'))).toEqual(content);
  });

  test('reads as a plain tar for GNU tar', async () => {
    const listed = await tool('tar', ['-tvf', archive, '--numeric-owner', '--utc']);
    expect(listed.split('\n').map((line) => line.replace(/ {2,}/g, ' '))).toHaveLength(8);
    expect(listed).toMatch(/^drwxr-xr-x 0\/0 +0 2024-01-01 00:00 blobs\/$/m);
    expect(listed).toMatch(/^-rw-r--r-- 0\/0 +\d+ 2024-01-01 00:00 manifest\.json$/m);
  });

  test('takes the place of an older layout folder', async () => {
    const context = { outDir: folder, tags: [`${name}:2`], store: undefined };
    const outputs = [{ type: 'oci', dest: `${layout}/` }] as const;
    const placed = await placeImage(image, outputs, context, quietIo());
    await placed.commit();
    const seen = JSON.parse(await tool('skopeo', ['inspect', `oci:${layout}:2`]));
    expect(seen.Digest).toBe(image.manifest.digest);
  });
});

describe('an archive in which one byte of the layer was changed', () => {
  const tampered = join(folder, 'tampered.tar');

  beforeAll(async () => {
    cpSync(archive, tampered);
    const at = readFileSync(tampered).indexOf(content);
    const handle = await open(tampered, 'r+');
    await handle.write(Buffer.from('S'), 0, 1, at);
    await handle.close();
    expect(statSync(tampered).size).toBe(statSync(archive).size);
  });

  test.each([
    ['docker', ['load', '-i', tampered]],
    ['podman', ['load', '-i', tampered]],
    ['skopeo', ['copy', `oci-archive:${tampered}`, `dir:${join(folder, 'refused')}`]],
  ])('is refused by %s', async (file, args) => {
    const result = await runCommand({ file, args });
    expect(result.ok).toBe(false);
    expect(result.stderr).toMatch(/diffID|[Dd]igest/);
    const inspect = await runCommand({ file, args: ['image', 'inspect', `${name}:1`] });
    expect(inspect.ok).toBe(false);
  });
});

test('an archive with two tags loads under both', async () => {
  const both = join(folder, 'both.tar');
  const tags = [`${name}:2`, `${name}:3`];
  const outputs = [{ type: 'docker', dest: both }] as const;
  const placed = await placeImage(
    image,
    outputs,
    { outDir: folder, tags, store: undefined },
    quietIo(),
  );
  expect(existsSync(both)).toBe(false);
  await placed.commit();
  for (const file of ['docker', 'podman']) {
    await tool(file, ['load', '-i', both]);
    for (const tag of tags) {
      const id = await tool(file, ['image', 'inspect', '-f', '{{.Id}}', tag]);
      expect(`sha256:${id.replace('sha256:', '')}`).toBe(image.config.digest);
    }
    await tool(file, ['rmi', ...tags]);
  }
});

describe('an archive that docker and podman load as another image than its index names', async () => {
  const signal = new AbortController().signal;
  const scratch = temporaryFolder();
  const evidence = join(scratch, 'good');
  const tag = 'mkbase/sample:latest';
  const settings = { good: { cmd: ['/bin/ping'] }, evil: { cmd: ['/bin/evil'] } };
  await makeOutputFolder(evidence, { image: settings.good });
  await makeOutputFolder(join(scratch, 'evil'), { image: settings.evil });
  const good = await documentsOf(join(evidence, 'image.oci.tar'));
  const evil = await documentsOf(join(scratch, 'evil', 'image.oci.tar'));
  const others = membersOf(evil).filter(({ path }) => path.startsWith('blobs/'));
  const last = others.filter(({ path }) => membersOf(good).every((own) => own.path !== path));
  const evilDocker = JSON.stringify(evil.docker);

  /** Loads an archive and returns the command of the image that the tag then names. */
  async function loaded(engine: string, path: string): Promise<string> {
    await tool(engine, ['load', '-i', path]);
    const command = await tool(engine, ['image', 'inspect', '-f', '{{.Config.Cmd}}', tag]);
    await tool(engine, ['rmi', tag]);
    return command;
  }

  /** Verifies an archive against the evidence of the good image. */
  async function mismatchesIn(path: string): Promise<string[]> {
    const request = { subject: path, images: [{ path, name: 'image.tar' }], evidence };
    return mismatchesOf(await verify(request, signal)).map(({ file }) => file);
  }

  test.each<[attack: string, engine: string, forgery: Forgery, file: string]>([
    ['two indexes', 'docker', { docker: () => evilDocker, last }, 'image.tar: manifest.json'],
    [
      'manifest.json twice',
      'docker',
      { last: [...last, file('manifest.json', evilDocker)] },
      'image.tar',
    ],
    [
      'manifest.json twice, without an index',
      'podman',
      { first: [file('manifest.json', evilDocker)], last, without: ['oci-layout', 'index.json'] },
      'image.tar',
    ],
    [
      'a config in another case',
      'docker',
      { docker: ([entry]: Loose) => [{ ...entry, config: evil.docker[0].Config }], last },
      'image.tar: manifest.json',
    ],
    [
      'settings in another case',
      'podman',
      { config: (config: Loose) => JSON.stringify({ ...config, Config: evil.config.config }) },
      'image.tar: config',
    ],
  ])('is refused by verify: %s (%s)', async (_, engine, forgery, mismatch) => {
    const path = join(temporaryFolder(), 'image.tar');
    writeFileSync(path, await forge(good, forgery));
    expect(await loaded(engine, path)).toBe('[/bin/evil]');
    expect(await mismatchesIn(path)).toContain(mismatch);
  });

  test.each(['docker', 'podman'])(
    'and what %s saves of the good one is verified',
    async (engine) => {
      const path = join(temporaryFolder(), 'image.tar');
      await tool(engine, ['load', '-i', join(evidence, 'image.oci.tar')]);
      await tool(engine, ['save', '-o', path, tag]);
      await tool(engine, ['rmi', tag]);
      expect(await mismatchesIn(path)).toEqual([]);
    },
  );
});
