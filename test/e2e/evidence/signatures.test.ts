import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { kinds, makeKeys } from '../../sign/keys.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { attestationOracles, type Oracles } from '../support/attestation-oracles.ts';
import { cliFile, environment, mkbase, root } from '../support/mkbase.ts';

const work = temporaryFolder();

let oracles: Oracles;
let key = '';
const out = join(work, 'mkbase-out/hello');
const layer = join(work, 'rootfs.tar');
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const run = (...args: string[]) => mkbase(args, { cwd: work });

beforeAll(async () => {
  oracles = await attestationOracles(join(work, 'oracles'));
  const outputs = ['--output', 'type=oci', '--output', `type=rootfs,dest=${layer}`];
  expect(await run('hello', '--engine', 'docker', ...outputs)).toMatchObject({ code: 0 });
  expect(await run('sign', '--generate-key', 'key.pem')).toMatchObject({ code: 0 });
  key = join(work, 'key.pem.pub');
});

const types: Readonly<Record<string, string>> = {
  'provenance.sigstore.json': 'slsaprovenance1',
  'sbom.spdx.sigstore.json': 'https://spdx.dev/Document/v2.3',
  'sbom.cdx.sigstore.json': 'https://cyclonedx.org/bom',
};

const cosignVerifies = (bundle: string, publicKey: string, file: string) =>
  oracles.cosign([
    'verify-blob-attestation',
    ...['--bundle', join(out, bundle), '--key', publicKey, '--type', types[bundle]!, file],
  ]);

describe('mkbase sign', () => {
  test('signs what a build left, and mkbase verify checks it', async () => {
    const signed = await run('sign', 'hello', '--key', 'key.pem');
    expect(signed).toMatchObject({ code: 0, stderr: '' });
    for (const bundle of Object.keys(types)) expect(signed.stdout).toContain(bundle);
    expect(await run('verify', 'hello', '--key', key)).toMatchObject({ code: 0 });
  });

  test.each(Object.keys(types))('writes a %s that cosign verifies', (bundle) => {
    expect(cosignVerifies(bundle, key, layer)).toMatchObject({ code: 0 });
  });

  test('is about the layer and nothing else, says cosign', () => {
    const other = join(work, 'other');
    writeFileSync(other, 'something else');
    const { code, said } = cosignVerifies('provenance.sigstore.json', key, other);
    expect(code).not.toBe(0);
    expect(said).toContain('does not match any digest in statement');
  });

  test.each(Object.entries(kinds))('signs with %s, which cosign verifies', async (_, genpkey) => {
    const keys = makeKeys(temporaryFolder(), genpkey, 'pass phrase');
    const env = { MKBASE_SIGN_PASSPHRASE: 'pass phrase' };
    const signed = await mkbase(['sign', 'hello', '--key', keys.privateKey], { cwd: work, env });
    expect(signed).toMatchObject({ code: 0 });
    const verified = cosignVerifies('provenance.sigstore.json', keys.publicKey, layer);
    expect(verified).toMatchObject({ code: 0 });
    const withAnother = cosignVerifies('provenance.sigstore.json', key, layer);
    expect(withAnother.code).not.toBe(0);
  });

  test('vouches for nothing that was changed since the build', async () => {
    const file = join(out, 'sbom.spdx.json');
    const before = readFileSync(file);
    writeFileSync(file, before.toString().replace('SPDX-2.3', 'SPDX-2.2'));
    const { code, stderr } = await run('sign', 'hello', '--key', 'key.pem');
    writeFileSync(file, before);
    expect(code).toBe(11);
    expect(stderr).toContain('nothing was signed');
  });

  test('says without cosign, and without a network, what keyless signing needs', async () => {
    const { code, stderr } = await mkbase(['sign', 'hello', '--keyless'], {
      cwd: work,
      env: { PATH: '/nonexistent' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('Install cosign');
  });
});

test('docs/signatures.md: what it tells a person to type, in its order, ends well', () => {
  const text = readFileSync(join(root, 'docs/signatures.md'), 'utf8');
  const script = [...text.matchAll(/```sh\n([^`]*)```/g)].map(([, block]) => block).join('');
  const folder = temporaryFolder({ within: work });
  const shell = `set -eu\nmkbase() { "${process.execPath}" "${cliFile()}" "$@"; }\n${script}`;
  const run = spawnSync('sh', ['-c', shell], { cwd: folder, env: environment(), encoding: 'utf8' });
  expect(run).toMatchObject({ status: 0 });
  expect(run.stdout).toContain('Signature Verified Successfully');
  expect(run.stdout.trim().split('\n').at(-1)).toBe(sha256(join(folder, 'rootfs.tar')));
});

test('the provenance of a build parses as in-toto v1 and SLSA v1 by their own definitions', () => {
  const file = join(out, 'provenance.json');
  const parsed = oracles.parseStatement(file);
  expect(parsed).toMatchObject({
    type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    buildType: 'urn:mkbase:build:v1',
    builder: 'urn:mkbase:builder:local',
  });
  expect(parsed.subjects).toContainEqual({ sha256: sha256(layer) });
  expect(parsed.dependencies).toContain('gcc');
  expect(parsed.byproducts).toContain('lock.json');
});

test('the parser of the definitions refuses a field that they do not know', () => {
  const file = join(work, 'misspelt.json');
  const text = readFileSync(join(out, 'provenance.json'), 'utf8');
  writeFileSync(file, text.replace('"buildType"', '"buildTipe"'));
  expect(() => oracles.parseStatement(file)).toThrow(/buildTipe/);
});
