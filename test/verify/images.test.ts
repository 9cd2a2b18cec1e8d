import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { composeImage } from '../../src/image/compose-image.ts';
import { placeImage } from '../../src/outputs/place.ts';
import type { Store } from '../../src/store/store.ts';
import { checksThat, mismatchesOf, type Report } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch, makeRootfs, quietIo, settingsOf } from '../support/image.ts';
import { makeOutputFolder, sampleEntries } from '../support/output-folder.ts';

const signal = new AbortController().signal;
const scratch = temporaryFolder();
const out = join(scratch, 'out');
const archive = join(out, 'image.oci.tar');

let store: Store;
beforeAll(async () => {
  ({ store } = await makeOutputFolder(out));
});

/** Holds an image against the evidence in `out`, whose signatures are followed in its own store. */
const against = (path: string): Promise<Report> => {
  const trust = { store, folder: temporaryFolder(), now: new Date() };
  const images = [{ path, name: basename(path) }];
  const scratch = async () => temporaryFolder();
  return verify({ subject: path, images, evidence: out, store, trust, scratch }, signal);
};

/** Not checked wherever nobody says where the recipe is. */
const recipeCheck = 'lock.json and provenance.json against the recipe';

const skopeo = (from: string, to: string, ...more: string[]) =>
  execFileSync('skopeo', ['copy', '--insecure-policy', '--quiet', ...more, from, to]);

const fieldsOf = (report: Report): string[] =>
  mismatchesOf(report).map(({ file, field }) => `${file} | ${field}`);

describe('an image that went through other hands', () => {
  const copies: Record<string, readonly [to: string, ...more: string[]]> = {
    'as an OCI archive': ['oci-archive:copy.tar:mkbase/sample:latest'],
    'as a Docker archive': ['docker-archive:copy.tar:mkbase/sample:latest'],
    'as an OCI layout folder': ['oci:copy:latest'],
    'compressed with gzip': ['oci:copy:latest', '--dest-compress', '--dest-compress-format=gzip'],
    'compressed with zstd': ['oci:copy:latest', '--dest-compress', '--dest-compress-format=zstd'],
  };
  test.each(Object.entries(copies))('%s still holds', async (_, [to, ...more]) => {
    const folder = temporaryFolder();
    const place = to.replace(/copy/, join(folder, 'copy'));
    skopeo(`oci-archive:${archive}`, place, ...more);
    const [name = ''] = readdirSync(folder);
    const report = await against(join(folder, name));
    expect(fieldsOf(report)).toEqual([]);
    const skipped = report.checks.filter((check) => check.skipped !== undefined);
    // skopeo compresses the layers of a layout, so that it writes another manifest.
    const isLayout = to.startsWith('oci');
    expect(skipped.map(({ what }) => what)).toEqual([
      `names, members and each byte of ${name}`,
      recipeCheck,
      ...(isLayout ? [`the manifest's digest in provenance.json against ${name}`] : []),
    ]);
    const whats = report.checks.map(({ what }) => what);
    expect(whats).toContain(`rootfs.mtree against the rootfs in ${name}`);
    expect(whats).toContain(`the config in ${name} against the recipe in provenance.json`);
  });

  test('and had a byte of its layer changed there is told by its digest and by the path', async () => {
    const folder = temporaryFolder();
    const copy = join(folder, 'copy.tar');
    skopeo(`oci-archive:${archive}`, `docker-archive:${copy}`);
    const bytes = readFileSync(copy);
    bytes[bytes.indexOf('ping program')] = 0x50;
    writeFileSync(copy, bytes);
    const fields = fieldsOf(await against(copy));
    expect(fields).toContain('copy.tar: config | rootfs.diff_ids[0]');
    expect(fields).toContain('rootfs.mtree | ./usr/bin/ping sha256');
    expect(fields).toContain('rootfs.mtree | ./usr/bin/ping4 sha256');
  });
});

test('a layout folder that mkbase wrote is held to its one form', async () => {
  const layout = join(scratch, 'layout');
  const folder = join(scratch, 'other');
  await makeOutputFolder(folder, { outputs: [{ type: 'oci', dest: `${layout}/` }] });
  const clean = await against(layout);
  expect(fieldsOf(clean)).toEqual([]);
  expect(checksThat(clean, 'not checked').map(({ what }) => what)).toEqual([recipeCheck]);
  const index = join(layout, 'index.json');
  writeFileSync(index, readFileSync(index, 'utf8').replace('"latest"', '"other"'));
  expect(new Set(fieldsOf(await against(layout)))).toEqual(
    new Set(['layout: index.json | manifests[0].annotations.org.opencontainers.image.ref.name']),
  );
});

/** An archive that is sound in itself, of a rootfs and settings of the test's choosing. */
async function forged(settings: object, entries = sampleEntries): Promise<string> {
  const folder = temporaryFolder();
  const rootfs = await makeRootfs(folder, entries);
  const composed = composeImage(rootfs, settingsOf(settings), {
    platform: 'linux/amd64',
    created: epoch,
    recipe: 'sample',
  });
  const context = { outDir: folder, tags: ['mkbase/sample:latest'], store: undefined };
  const placed = await placeImage(composed, [{ type: 'oci' }], context, quietIo());
  await placed.commit();
  return join(folder, 'image.oci.tar');
}

describe('another image in its place, sound in itself', () => {
  test('with another config is told field by field', async () => {
    const fields = fieldsOf(
      await against(await forged({ cmd: ['/bin/evil'], env: { PATH: '/bin' }, user: 'app' })),
    );
    expect(fields).toContain('image.oci.tar: config | config.Cmd[0]');
  });

  test('with another rootfs is told path by path, and by the digests in the provenance', async () => {
    const [first, ...rest] = sampleEntries;
    if (first === undefined) throw new Error('no sample');
    const settings = { cmd: ['/bin/ping'], env: { PATH: '/bin' }, user: 'app' };
    const fields = fieldsOf(
      await against(await forged(settings, [{ ...first, mode: 0o700 }, ...rest])),
    );
    expect(fields).toContain('rootfs.mtree | ./etc mode');
    expect(fields).toContain('provenance.json | subject[0].digest.sha256');
    expect(fields).toContain('provenance.json | subject[2].digest.sha256');
  });
});

test('files of the evidence that are gone are missed, one by one', async () => {
  const names = [
    'lock.json',
    'rootfs.mtree',
    'sbom.spdx.json',
    'sbom.cdx.json',
    'provenance.json',
    'SHA256SUMS',
    'trust/trust.json',
  ];
  for (const name of names) {
    const folder = join(temporaryFolder(), 'out');
    execFileSync('cp', ['-r', out, folder]);
    rmSync(join(folder, name));
    const request = { subject: 'copy', images: await imagesIn(folder), evidence: folder };
    expect(fieldsOf(await verify(request, signal)), name).toContain(`${name} | `);
  }
});

test('a line that is gone from SHA256SUMS would let its file pass, and is missed', async () => {
  const folder = join(temporaryFolder(), 'out');
  execFileSync('cp', ['-r', out, folder]);
  const sums = join(folder, 'SHA256SUMS');
  writeFileSync(sums, readFileSync(sums, 'utf8').replace(/^.*rootfs\.mtree\n/m, ''));
  const request = { subject: 'copy', images: [], evidence: folder };
  expect(fieldsOf(await verify(request, signal))).toContain('SHA256SUMS | rootfs.mtree');
});
