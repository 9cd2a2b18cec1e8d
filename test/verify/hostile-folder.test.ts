import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { takeBundle } from '../../src/lock/bundle/read.ts';
import { readLock } from '../../src/lock/lock-file.ts';
import { readPem } from '../../src/sign/keys/pem.ts';
import { signingKey } from '../../src/sign/keys/signing-key.ts';
import { verificationKey } from '../../src/sign/keys/verification-key.ts';
import { keySigner, signFolder } from '../../src/sign/sign-folder.ts';
import { openStore } from '../../src/store/store.ts';
import { mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { quietIo } from '../support/image.ts';
import { makeOutputFolder } from '../support/output-folder.ts';

const signal = new AbortController().signal;
const scratch = temporaryFolder();
const out = join(scratch, 'out');
const pair = generateKeyPairSync('ed25519');
let files: string[];

beforeAll(async () => {
  await makeOutputFolder(out);
  await signFolder(out, keySigner(signingKey(pair.privateKey)));
  const signed = readdirSync(join(out, 'trust')).map((name) => `trust/${name}`);
  files = [...readdirSync(out).filter((name) => name !== 'trust'), ...signed];
});

/** Verifies a copy of the folder, signatures too, after a change; returns the mismatches' files and claims. */
async function verifyChanged(change: (folder: string) => void): Promise<string[]> {
  const folder = join(temporaryFolder(), 'out');
  cpSync(out, folder, { recursive: true });
  change(folder);
  const images = await imagesIn(folder);
  const keys = [verificationKey(pair.publicKey)];
  const report = await verify({ subject: 'out', images, evidence: folder, keys }, signal);
  return mismatchesOf(report).map(({ file, field, claimed }) => `${file}|${field}|${claimed}`);
}

/** Puts something else in the place of a file; the file itself lies elsewhere, unchanged. */
const replacements: Record<
  string,
  readonly [put: (path: string, real: string) => void, kind: string]
> = {
  'a named pipe': [(path) => execFileSync('mkfifo', [path]), 'a named pipe'],
  'a link to the same bytes': [(path, real) => symlinkSync(real, path), 'a symbolic link'],
  'a link to an endless device': [(path) => symlinkSync('/dev/zero', path), 'a symbolic link'],
  'a folder': [(path) => mkdirSync(path), 'a folder'],
};

/** Takes a file out of a folder and puts something else in its place. */
function replace(folder: string, file: string, put: (path: string, real: string) => void): void {
  const real = join(folder, '..', file.replaceAll('/', '-'));
  renameSync(join(folder, file), real);
  put(join(folder, file), real);
}

test.each(Object.entries(replacements))(
  '%s in the place of every file of evidence is named, and neither read nor waited for',
  async (_, [put, kind]) => {
    expect(files.length).toBeGreaterThan(10);
    // A layout folder may be called as an archive is.
    const all = files.filter((file) => kind !== 'a folder' || !file.startsWith('image.'));
    const found = await verifyChanged((folder) => {
      for (const file of all) replace(folder, file, put);
    });
    expect(found).toEqual(expect.arrayContaining(all.map((file) => `${file}||${kind}`)));
  },
);

test('a named pipe in the place of one file is named', async () => {
  const one = ['lock.json', 'rootfs.mtree', 'provenance.json', 'SHA256SUMS', 'image.oci.tar'];
  const bundle = 'sbom.spdx.sigstore.json';
  for (const file of [...one, bundle, ...files.filter((name) => name.startsWith('trust/'))]) {
    const put = (path: string) => execFileSync('mkfifo', [path]);
    const found = await verifyChanged((folder) => replace(folder, file, put));
    expect(found, file).toContain(`${file}||a named pipe`);
  }
});

test('a file that is far too large is named with its limit, and not read', async () => {
  const all = files.filter((name) => !name.startsWith('image.'));
  const found = await verifyChanged((folder) => {
    for (const file of all) truncateSync(join(folder, file), 2 ** 41);
  });
  expect(found).toEqual(expect.arrayContaining(all.map((file) => `${file}||${2 ** 41} bytes`)));
});

test('a link in the place of the folder of signed indexes is named', async () => {
  const found = await verifyChanged((folder) => {
    renameSync(join(folder, 'trust'), join(folder, '..', 'trust'));
    symlinkSync('../trust', join(folder, 'trust'));
  });
  expect(found).toContain('trust||a symbolic link');
});

test('nothing is signed in a folder with a pipe or a link in it, and nothing is written', async () => {
  for (const file of ['sbom.cdx.json', 'provenance.json', 'SHA256SUMS']) {
    const folder = join(temporaryFolder(), 'out');
    await makeOutputFolder(folder);
    rmSync(join(folder, file));
    execFileSync('mkfifo', [join(folder, file)]);
    const before = readdirSync(folder);
    const signing = signFolder(folder, keySigner(signingKey(pair.privateKey)));
    await expect(signing, file).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringContaining('named pipe'),
    });
    expect(readdirSync(folder)).toEqual(before);
  }
});

test('a key, a lock and a bundle that are pipes are refused, and links to them that a person names are followed', async () => {
  const folder = temporaryFolder();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const store = await openStore(join(folder, 'store'));
  const refused = { code: 'IO', message: expect.stringContaining('named pipe') };
  await expect(readPem(pipe)).rejects.toMatchObject(refused);
  await expect(readLock(pipe)).rejects.toMatchObject(refused);
  await expect(takeBundle(pipe, store, quietIo())).rejects.toMatchObject(refused);
  const link = join(folder, 'link');
  symlinkSync(join(out, 'lock.json'), link);
  expect((await readLock(link))?.recipe).toBe('sample');
  await expect(readLock(link, false)).rejects.toMatchObject({ code: 'IO' });
});
