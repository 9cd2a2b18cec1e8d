import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { record } from '../../src/base/json.ts';
import { parseLock } from '../../src/lock/lock-file.ts';
import { mismatchesOf } from '../../src/verify/report.ts';
import { verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeOutputFolder } from '../support/output-folder.ts';
import { change } from '../support/reseal/changes.ts';
import {
  archiveName,
  bytesOf,
  type Output,
  parsedJson,
  partsOf,
  readOutput,
  replaced,
} from '../support/reseal/output.ts';
import { randomOf } from '../support/reseal/random.ts';
import { resealed } from '../support/reseal/reseal.ts';
import { tarOf } from '../support/tar.ts';

const folder = temporaryFolder();
let built: Output;

beforeAll(async () => {
  const out = join(folder, 'out');
  await makeOutputFolder(out);
  built = await readOutput(out);
});

const onlyArchive = async (output: Output): Promise<string[]> => {
  const path = join(folder, archiveName);
  writeFileSync(path, await tarOf(output.archive));
  const request = { subject: archiveName, images: [{ path, name: archiveName }] };
  const report = await verify(request, new AbortController().signal);
  return mismatchesOf(report).map(({ field }) => field);
};

test('an output in which nothing was changed is the same after its sums are made consistent', async () => {
  const again = resealed(built, built);
  expect(again.files).toEqual(built.files);
  expect(await tarOf(again.archive)).toEqual(await tarOf(built.archive));
});

test('a changed config is named by all digests and sizes of the archive, and by the evidence', async () => {
  const { config } = partsOf(built.archive);
  const bytes = bytesOf(built.archive.find(({ path }) => path === config));
  const other = canonicalJson({ ...record(parsedJson(bytes)), author: 'somebody else' });
  const archive = replaced(built.archive, config, Buffer.from(other));
  const output = resealed({ files: built.files, archive }, built);
  expect(await onlyArchive(output)).toEqual([]);
  const { manifest } = partsOf(output.archive);
  const provenance = String(output.files.get('provenance.json'));
  expect(provenance).toContain(manifest.replace('blobs/sha256/', ''));
  expect(provenance).not.toContain(config.replace('blobs/sha256/', ''));
});

test('a changed lock is one that mkbase reads, with its digest in the history of the image', async () => {
  const text = String(built.files.get('lock.json')).replaceAll('iputils', 'iputilz');
  const files = new Map([...built.files, ['lock.json', Buffer.from(text)]]);
  const output = resealed({ files, archive: built.archive }, built);
  const lock = String(output.files.get('lock.json'));
  expect(parseLock(lock, 'lock.json').recipe).toBe('sample');
  expect(lock).toContain('iputilz');
});

test('SHA256SUMS holds after every change', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const made = await change(built, randomOf(seed));
    if (made === undefined) continue;
    const { files } = resealed(made.output, built);
    const place = join(folder, String(seed));
    mkdirSync(join(place, 'trust'), { recursive: true });
    for (const [name, bytes] of files) writeFileSync(join(place, name), bytes);
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: place });
  }
});
