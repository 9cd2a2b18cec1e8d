import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { sha256OfBytes } from '../../src/base/hash.ts';
import { sign } from '../../src/commands/sign.ts';
import { verify as verifyCommand } from '../../src/commands/verify.ts';
import type { Bundle } from '../../src/sign/bundle.ts';
import { generateKey } from '../../src/sign/keys/generate-key.ts';
import { loadSigningKey } from '../../src/sign/keys/signing-key.ts';
import {
  loadVerificationKey,
  loadVerificationKeys,
  type VerificationKey,
} from '../../src/sign/keys/verification-key.ts';
import { keySigner, signFolder } from '../../src/sign/sign-folder.ts';
import { verifyByOneOf } from '../../src/sign/verify-signatures.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch } from '../support/image.ts';
import { makeOutputFolder } from '../support/output-folder.ts';
import { refusal } from '../support/recipe.ts';
import { createContext } from '../support/ui/context.ts';
import { kinds, makeKeys } from './keys.ts';

const bundles = ['provenance', 'sbom.spdx', 'sbom.cdx'].map((name) => `${name}.sigstore.json`);
const [provenanceBundle = ''] = bundles;

/** The day of the sample's inputs, and those beside it. */
const dayAfter = (days: number) =>
  new Date((epoch + days * 86_400) * 1000).toISOString().slice(0, 10);

let built = '';
let folder = '';
let older: Awaited<ReturnType<typeof generateKey>>;
let newer: typeof older;
let ecdsa: { readonly privateKey: string; readonly publicKey: string };

beforeAll(async () => {
  const work = temporaryFolder();
  built = join(work, 'out');
  await makeOutputFolder(built);
  older = await generateKey(join(work, 'old.pem'), undefined);
  newer = await generateKey(join(work, 'new.pem'), undefined);
  ecdsa = makeKeys(temporaryFolder(), kinds['ECDSA P-256']!);
});

beforeEach(() => {
  folder = join(temporaryFolder(), 'out');
  cpSync(built, folder, { recursive: true });
});

/** Signs as `mkbase sign` does once it has verified everything. */
async function signBy(key: string): Promise<void> {
  await signFolder(folder, keySigner(await loadSigningKey(key, async () => undefined)));
}

/** Signs by the command, which verifies first. */
const replaceBy = (key: string, replaces: string) =>
  sign(folder, { key, replaces: [replaces] }, createContext());

/** Checks by the command; resolves to the exit code and the text on one line. */
async function verifyBy(...key: string[]): Promise<readonly [code: number, text: string]> {
  const context = createContext();
  const options = { key, progress: 'none', engine: 'auto' } as never;
  const code = await verifyCommand(folder, options, context);
  return [code, context.stdout.text().replaceAll(/\s+/g, ' ')];
}

/** Checks the signatures alone, by values of `--key`. */
async function signedBy(...options: string[]) {
  const keys = await loadVerificationKeys(options);
  const { key, problems } = await verifyByOneOf(folder, keys as [VerificationKey]);
  return { hint: key.hint, problems };
}

const bundleOf = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Bundle;

const hintOf = async (file: string) => (await loadVerificationKey(file)).hint;

describe('signatures with several keys to check them', () => {
  test('hold by whichever key made them, in any order, also of another algorithm', async () => {
    for (const { privateKey, publicKey } of [older, newer, ecdsa]) {
      await signBy(privateKey);
      const all = [ecdsa.publicKey, older.publicKey, newer.publicKey];
      expect(await signedBy(...all)).toEqual({ hint: await hintOf(publicKey), problems: [] });
      const others = all.filter((each) => each !== publicKey);
      expect((await signedBy(...others)).problems).not.toEqual([]);
    }
  });

  test('are checked by all the keys that the command line names', async () => {
    await signBy(older.privateKey);
    const [code, text] = await verifyBy(newer.publicKey, older.publicKey);
    expect(code).toBe(0);
    expect(text).toContain(await hintOf(older.publicKey));
    const [refused, why] = await verifyBy(newer.publicKey, ecdsa.publicKey);
    expect(refused).toBe(11);
    for (const file of [older, newer, ecdsa]) expect(why).toContain(await hintOf(file.publicKey));
  });

  test.each(bundles)('do not hold when %s is by another of the keys', async (name) => {
    await signBy(newer.privateKey);
    const bundle = readFileSync(join(folder, name));
    await signBy(older.privateKey);
    writeFileSync(join(folder, name), bundle);
    const { problems } = await signedBy(older.publicKey, newer.publicKey);
    const wrong = name === provenanceBundle ? bundles.slice(1) : [name];
    expect([...new Set(problems.map(({ file }) => file))].sort()).toEqual(wrong.sort());
  });

  test("do not hold under another key's hint, whichever keys are given", async () => {
    await signBy(older.privateKey);
    const hint = await hintOf(newer.publicKey);
    for (const name of bundles) {
      const material = { publicKey: { hint } };
      const forged = { ...bundleOf(name), verificationMaterial: material };
      writeFileSync(join(folder, name), canonicalJson(forged));
    }
    for (const options of [[newer.publicKey], [older.publicKey, newer.publicKey]]) {
      const { problems } = await signedBy(...options);
      const fields = problems.map(({ file, field }) => `${file} ${field}`);
      expect(fields).toEqual(bundles.map((name) => `${name} dsseEnvelope.signatures[0].sig`));
    }
    const { problems } = await signedBy(older.publicKey);
    expect(problems.map(({ file }) => file)).toEqual(bundles);
  });

  test('do not hold when a bundle is gone or damaged', async () => {
    await signBy(older.privateKey);
    rmSync(join(folder, provenanceBundle));
    for (const damage of [undefined, '{', '{}', '[]']) {
      if (damage !== undefined) writeFileSync(join(folder, provenanceBundle), damage);
      const { problems } = await signedBy(newer.publicKey, older.publicKey);
      expect(problems.map(({ file }) => file)).toContain(provenanceBundle);
    }
  });
});

describe('a key that counts until a day', () => {
  const until = (day: string, { publicKey } = older) => `file=${publicKey},until=${day}`;
  beforeEach(() => signBy(older.privateKey));

  test('counts for inputs from before that day', async () => {
    expect((await signedBy(until(dayAfter(1)))).problems).toEqual([]);
    expect((await verifyBy(newer.publicKey, until(dayAfter(1))))[0]).toBe(0);
  });

  test('counts for no inputs from that day on, and says which day it is', async () => {
    expect((await signedBy(until(dayAfter(0)))).problems).toHaveLength(1);
    const [code, text] = await verifyBy(until(dayAfter(-1)), newer.publicKey);
    expect(code).toBe(11);
    expect(text).toContain(`over inputs of ${dayAfter(0)}`);
    expect(text).toContain(`inputs from before ${dayAfter(-1)}`);
  });

  test('does not end another key', async () => {
    await signBy(newer.privateKey);
    expect((await signedBy(until(dayAfter(-1)), newer.publicKey)).problems).toEqual([]);
  });

  test('goes by the lock that the provenance was signed with, and by no other', async () => {
    const lock = join(folder, 'lock.json');
    const earlier = String(epoch - 864_000);
    writeFileSync(lock, readFileSync(lock, 'utf8').replaceAll(String(epoch), earlier));
    const swapped = await signedBy(until(dayAfter(-1)));
    expect(swapped.problems).toMatchObject([{ file: 'lock.json', field: '' }]);
    rmSync(lock);
    const gone = await signedBy(until(dayAfter(-1)));
    expect(gone.problems).toMatchObject([{ file: 'lock.json', claimed: 'nothing' }]);
  });
});

describe('mkbase sign --replaces', () => {
  test('signs with the new key what the old one has signed', async () => {
    await signBy(older.privateKey);
    expect(await replaceBy(newer.privateKey, older.publicKey)).toBe(0);
    expect((await signedBy(newer.publicKey)).problems).toEqual([]);
    expect((await signedBy(older.publicKey)).problems).not.toEqual([]);
  });

  test.each<[string, () => Promise<void>]>([
    ['a stranger signed', () => signBy(ecdsa.privateKey)],
    ['nobody signed', async () => {}],
    [
      'the old key signed in part',
      async () => {
        await signBy(older.privateKey);
        const kept = readFileSync(join(folder, 'sbom.cdx.sigstore.json'));
        await signBy(ecdsa.privateKey);
        writeFileSync(join(folder, 'sbom.cdx.sigstore.json'), kept);
        const sums = join(folder, 'SHA256SUMS');
        const line = /^\w{64}(?= {2}sbom\.cdx\.sigstore\.json$)/m;
        const sealed = readFileSync(sums, 'utf8').replace(line, sha256OfBytes(kept));
        writeFileSync(sums, sealed);
      },
    ],
  ])('signs nothing that %s', async (_, prepare) => {
    await prepare();
    const before = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
    expect(await refusal(replaceBy(newer.privateKey, older.publicKey))).toMatchObject({
      code: 'MISMATCH',
      message: expect.stringContaining('nothing was signed'),
    });
    expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toBe(before);
  });

  test('holds to the day until which the old key counts', async () => {
    await signBy(older.privateKey);
    const until = (days: number) => `file=${older.publicKey},until=${dayAfter(days)}`;
    const late = await refusal(replaceBy(newer.privateKey, until(-1)));
    expect(late).toMatchObject({ code: 'MISMATCH' });
    expect(await replaceBy(newer.privateKey, until(1))).toBe(0);
  });
});

describe('--key', () => {
  test('named twice counts once, and not with two ends', async () => {
    expect(await loadVerificationKeys([older.publicKey, older.publicKey])).toHaveLength(1);
    const copy = join(temporaryFolder(), 'copy.pub');
    cpSync(older.publicKey, copy);
    expect(await loadVerificationKeys([older.publicKey, copy])).toHaveLength(1);
    const ended = `file=${copy},until=2026-12-01`;
    expect(await refusal(loadVerificationKeys([older.publicKey, ended]))).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('another end'),
    });
  });

  test.each([
    ['until=2026-12-01', 'names no file'],
    ['file=', 'names no file'],
    ['file=k,until=tomorrow', 'where a day belongs'],
    ['file=k,until=', 'where a day belongs'],
    ['file=k,until=2026-02-30', 'where a day belongs'],
    ['file=k,until=2026-12-01T00:00:00', 'where a day belongs'],
    ['file=k,file=l', 'says file twice'],
    ['file=k,until=2026-12-01,until=2027-12-01', 'says until twice'],
    ['file=k,from=2026-12-01', 'does not know'],
    ['file=k,2026-12-01', 'does not know'],
  ])('refuses %s', async (option, problem) => {
    expect(await refusal(loadVerificationKeys([option]))).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(problem),
    });
  });

  test('refuses a file with two keys, of which only one would count', async () => {
    const both = join(temporaryFolder(), 'both.pub');
    const texts = [older, newer].map(({ publicKey }) => readFileSync(publicKey, 'utf8'));
    writeFileSync(both, texts.join(''));
    expect(await refusal(loadVerificationKeys([both]))).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('more than one key'),
    });
  });
});
