import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { provenanceStatement } from '../../src/evidence/provenance/provenance.ts';
import type { Statement } from '../../src/evidence/provenance/statement.ts';
import { sumsText } from '../../src/evidence/sums.ts';
import type { Bundle } from '../../src/sign/bundle.ts';
import { loadSigningKey } from '../../src/sign/keys/signing-key.ts';
import { loadVerificationKey, type VerificationKey } from '../../src/sign/keys/verification-key.ts';
import { keySigner, signFolder } from '../../src/sign/sign-folder.ts';
import { verifySignatures } from '../../src/sign/verify-signatures.ts';
import { finishedBuild } from '../evidence/provenance/sample.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal } from '../support/recipe.ts';
import { kinds, makeKeys } from './keys.ts';

const bundleNames = ['provenance', 'sbom.cdx', 'sbom.spdx'].map((name) => `${name}.sigstore.json`);

let folder = '';
let key: VerificationKey;
let sign: ReturnType<typeof keySigner>;

const write = (name: string, value: object) =>
  writeFileSync(join(folder, name), canonicalJson(value));
const read = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
const statementIn = (name: string) => {
  const { payload } = read<Bundle>(name).dsseEnvelope;
  return JSON.parse(Buffer.from(payload, 'base64').toString()) as Statement;
};

beforeEach(async () => {
  folder = temporaryFolder();
  const files = makeKeys(temporaryFolder(), kinds.Ed25519!);
  sign = keySigner(await loadSigningKey(files.privateKey, async () => undefined));
  key = await loadVerificationKey(files.publicKey);
  write('provenance.json', provenanceStatement(await finishedBuild(temporaryFolder())));
  write('sbom.spdx.json', { spdxVersion: 'SPDX-2.3', name: 'sample' });
  write('sbom.cdx.json', { bomFormat: 'CycloneDX', specVersion: '1.6' });
  writeFileSync(join(folder, 'SHA256SUMS'), sumsText([]));
});

describe('signFolder', () => {
  test('writes a bundle for each file, all about the image that the provenance is about', async () => {
    await signFolder(folder, sign);
    const { subject } = read<Statement>('provenance.json');
    const statements = bundleNames.map(statementIn);
    expect(statements.map(({ predicateType }) => predicateType)).toEqual([
      'https://slsa.dev/provenance/v1',
      'https://cyclonedx.org/bom',
      'https://spdx.dev/Document/v2.3',
    ]);
    for (const statement of statements) expect(statement.subject).toEqual(subject);
    expect(statements[2]?.predicate).toEqual(read('sbom.spdx.json'));
    expect(await verifySignatures(folder, key)).toEqual([]);
  });

  test('signs the very bytes of provenance.json', async () => {
    await signFolder(folder, sign);
    const { payload } = read<Bundle>('provenance.sigstore.json').dsseEnvelope;
    const bytes = readFileSync(join(folder, 'provenance.json'));
    expect(Buffer.from(payload, 'base64').equals(bytes)).toBe(true);
  });

  test('adds its bundles to SHA256SUMS, once however often it signs', async () => {
    await signFolder(folder, sign);
    await signFolder(folder, sign);
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
    expect(
      sums
        .split('\n')
        .filter(Boolean)
        .map((line) => line.slice(66)),
    ).toEqual(bundleNames);
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder });
  });

  test.each(['provenance.json', 'sbom.spdx.json', 'sbom.cdx.json', 'SHA256SUMS'])(
    'writes nothing without %s',
    async (name) => {
      execFileSync('rm', [join(folder, name)]);
      const before = readdirSync(folder);
      const { code, message } = await refusal(signFolder(folder, sign));
      expect(code).toBe('USAGE');
      expect(message).toContain(name);
      expect(readdirSync(folder)).toEqual(before);
    },
  );

  test('refuses a provenance that is none', async () => {
    for (const wrong of [{}, { _type: 'https://in-toto.io/Statement/v1', subject: [{}] }, []]) {
      write('provenance.json', wrong);
      expect(await refusal(signFolder(folder, sign))).toMatchObject({ code: 'USAGE' });
    }
  });
});

describe('verifySignatures', () => {
  beforeEach(() => signFolder(folder, sign));

  test.each([
    [
      'a subject of the provenance',
      'provenance.json',
      (file: Statement) => ({ ...file, subject: file.subject.slice(0, 2) }),
      'subject[2]',
    ],
    [
      'the kind of a statement',
      'provenance.json',
      (file: Statement) => ({ ...file, _type: 'x' }),
      '_type',
    ],
    [
      'a bill of materials',
      'sbom.spdx.json',
      (file: object) => ({ ...file, name: 'other' }),
      'predicate.name',
    ],
    [
      'a field that is gone',
      'sbom.cdx.json',
      ({ specVersion: _, ...rest }: { specVersion: string }) => rest,
      'predicate.specVersion',
    ],
  ])('names the file and the field that was changed: %s', async (_, file, change, field) => {
    write(file, change(read(file)));
    expect(await verifySignatures(folder, key)).toMatchObject([{ file, field }]);
  });

  test.each(bundleNames)('misses %s', async (file) => {
    execFileSync('rm', [join(folder, file)]);
    expect(await verifySignatures(folder, key)).toMatchObject([
      { file, field: '', claimed: 'nothing' },
    ]);
  });

  test('says of a file that is damaged or gone what was signed in its place', async () => {
    writeFileSync(join(folder, 'sbom.spdx.json'), '{');
    execFileSync('rm', [join(folder, 'provenance.json')]);
    const problems = await verifySignatures(folder, key);
    expect(problems.map(({ file, field }) => [file, field])).toEqual([
      ['provenance.json', ''],
      ['sbom.spdx.json', ''],
    ]);
  });

  test("refuses another build's bill of materials though its signature holds", async () => {
    const other = read<Statement>('provenance.json');
    const mine = readFileSync(join(folder, 'provenance.sigstore.json'));
    const digest = { sha256: 'f'.repeat(64) };
    write('provenance.json', { ...other, subject: [{ ...other.subject[0], digest }] });
    await signFolder(folder, sign);
    write('provenance.json', other);
    writeFileSync(join(folder, 'provenance.sigstore.json'), mine);
    const problems = await verifySignatures(folder, key);
    expect(problems.map(({ file }) => file)).toContain('sbom.spdx.json');
    expect(problems[0]?.field).toBe('subject[0].digest.sha256');
  });

  test('refuses a bill of materials in the place of a provenance', async () => {
    const bundle = readFileSync(join(folder, 'sbom.spdx.sigstore.json'));
    write('provenance.json', statementIn('sbom.spdx.sigstore.json'));
    writeFileSync(join(folder, 'provenance.sigstore.json'), bundle);
    expect(await verifySignatures(folder, key)).toMatchObject([
      { file: 'provenance.json', field: 'predicateType' },
    ]);
  });

  test('holds for nobody with another key', async () => {
    const { publicKey } = makeKeys(temporaryFolder(), kinds.Ed25519!);
    const problems = await verifySignatures(folder, await loadVerificationKey(publicKey));
    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set(bundleNames));
  });
});
