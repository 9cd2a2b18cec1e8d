import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { statementOf } from '../../src/evidence/provenance/statement.ts';
import { type Bundle, preAuthenticationEncoding, signStatement } from '../../src/sign/bundle.ts';
import { loadSigningKey, type SigningKey } from '../../src/sign/keys/signing-key.ts';
import { loadVerificationKey, type VerificationKey } from '../../src/sign/keys/verification-key.ts';
import { verifyBundle } from '../../src/sign/verify-bundle.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type KeyFiles, kinds, makeKeys } from './keys.ts';

const statement = statementOf(
  [{ name: 'image', digest: { sha256: 'a'.repeat(64) } }],
  'https://example.org/predicate',
  { says: 'Grüße' },
);

const noPassphrase = async () => undefined;

interface Pair {
  readonly files: KeyFiles;
  readonly signing: SigningKey;
  readonly verification: VerificationKey;
}

async function pairOf(genpkey: readonly string[]): Promise<Pair> {
  const files = makeKeys(temporaryFolder(), genpkey);
  return {
    files,
    signing: await loadSigningKey(files.privateKey, noPassphrase),
    verification: await loadVerificationKey(files.publicKey),
  };
}

describe('preAuthenticationEncoding', () => {
  test('is what the specification of DSSE has as its example', () => {
    const encoded = preAuthenticationEncoding(
      'http://example.com/HelloWorld',
      Buffer.from('hello world'),
    );
    expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('counts bytes and not characters', () => {
    expect(preAuthenticationEncoding('ü', Buffer.from('ß')).toString()).toBe('DSSEv1 2 ü 2 ß');
  });
});

describe.each(Object.entries(kinds))('a signature by %s', (name, genpkey) => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await pairOf(genpkey);
  });
  const bundleText = () => canonicalJson(signStatement(statement, pair.signing));

  test('holds, and brings back the statement', () => {
    expect(verifyBundle(bundleText(), pair.verification)).toEqual({ ok: true, statement });
    expect(pair.signing.algorithm.name).toBe(name);
  });

  test('holds for OpenSSL over what DSSE says is signed', () => {
    const folder = temporaryFolder();
    const [signed, signature] = [join(folder, 'signed'), join(folder, 'signature')];
    const { dsseEnvelope } = JSON.parse(bundleText()) as Bundle;
    const payload = Buffer.from(dsseEnvelope.payload, 'base64');
    writeFileSync(signed, preAuthenticationEncoding(dsseEnvelope.payloadType, payload));
    writeFileSync(signature, Buffer.from(dsseEnvelope.signatures[0]!.sig, 'base64'));
    const key = ['-pubin', '-inkey', pair.files.publicKey];
    const digest = pair.signing.algorithm.digest === null ? [] : ['-digest', 'sha256'];
    const args = ['-verify', '-rawin', ...digest, '-in', signed, '-sigfile', signature];
    const said = execFileSync('openssl', ['pkeyutl', ...key, ...args], { encoding: 'utf8' });
    expect(said).toContain('Signature Verified Successfully');
  });

  test('is the same each time where the scheme allows it', () => {
    const texts = new Set([bundleText(), bundleText()]);
    expect(texts.size === 1).toBe(pair.signing.algorithm.deterministic);
  });

  test('names the key as OpenSSL hashes it', () => {
    const der = execFileSync('openssl', [
      ...['pkey', '-pubin', '-in', pair.files.publicKey, '-outform', 'DER'],
    ]);
    const hash = execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: der });
    expect(pair.verification.hint).toBe(hash.toString('base64'));
  });

  test('does not hold once any byte of the bundle is another one', () => {
    const text = bundleText();
    const flips = fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 127 }));
    fc.assert(
      fc.property(flips, ([at, mask]) => {
        const bytes = Buffer.from(text);
        bytes[at]! ^= mask;
        expect(verifyBundle(bytes.toString(), pair.verification).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('verifyBundle', () => {
  let pair: Pair;
  let other: Pair;
  beforeAll(async () => {
    pair = await pairOf(kinds.Ed25519!);
    other = await pairOf(kinds.Ed25519!);
  });

  const verdictOn = (change: (bundle: Bundle) => unknown) => {
    const verdict = verifyBundle(
      canonicalJson(change(signStatement(statement, pair.signing)) as object),
      pair.verification,
    );
    return verdict.ok ? [] : verdict.problems.map(({ field }) => field);
  };
  const withEnvelope = (changes: object) => (bundle: Bundle) => ({
    ...bundle,
    dsseEnvelope: { ...bundle.dsseEnvelope, ...changes },
  });
  const sigField = 'dsseEnvelope.signatures[0].sig';
  const otherPayload = Buffer.from(canonicalJson({ ...statement, subject: [] })).toString('base64');

  test.each<[string, (bundle: Bundle) => unknown, string[]]>([
    ['a payload that was changed', withEnvelope({ payload: otherPayload }), [sigField]],
    ['no payload', withEnvelope({ payload: undefined }), ['dsseEnvelope.payload', sigField]],
    [
      'a payload in another base64',
      (bundle) => withEnvelope({ payload: `${bundle.dsseEnvelope.payload}\n` })(bundle),
      ['dsseEnvelope.payload'],
    ],
    [
      'another type of payload',
      withEnvelope({ payloadType: 'text/plain' }),
      ['dsseEnvelope.payloadType'],
    ],
    ['no signature', withEnvelope({ signatures: [] }), ['dsseEnvelope.signatures[0]', sigField]],
    [
      'a signature that is cut',
      (bundle) => {
        const sig = bundle.dsseEnvelope.signatures[0]!.sig.slice(0, 80);
        return withEnvelope({ signatures: [{ sig }] })(bundle);
      },
      [sigField],
    ],
    [
      'two signatures',
      (bundle) => {
        const { signatures } = bundle.dsseEnvelope;
        return withEnvelope({ signatures: [...signatures, ...signatures] })(bundle);
      },
      ['dsseEnvelope.signatures[1]'],
    ],
    [
      'another media type',
      (bundle) => ({ ...bundle, mediaType: bundle.mediaType.replace('v0.3', 'v0.2') }),
      ['mediaType'],
    ],
    [
      'a certificate beside the key',
      (bundle) => ({
        ...bundle,
        verificationMaterial: { ...bundle.verificationMaterial, certificate: { rawBytes: '' } },
      }),
      ['verificationMaterial.certificate'],
    ],
    [
      "another key's hint",
      (bundle) => ({
        ...bundle,
        verificationMaterial: { publicKey: { hint: other.verification.hint } },
      }),
      ['verificationMaterial.publicKey.hint'],
    ],
    ['a list', () => [], ['', sigField]],
    [
      'null for an envelope',
      (bundle) => ({ ...bundle, dsseEnvelope: null }),
      ['dsseEnvelope', sigField],
    ],
  ])('refuses %s and names the field', (_, change, fields) => {
    expect(verdictOn(change)).toEqual(fields);
  });

  test('refuses a signature by another key, and says that it is another', () => {
    const text = canonicalJson(signStatement(statement, other.signing));
    const verdict = verifyBundle(text, pair.verification);
    expect(verdict).toMatchObject({
      ok: false,
      problems: [
        { field: 'verificationMaterial.publicKey.hint', claimed: other.verification.hint },
        { field: sigField },
      ],
    });
  });

  test('refuses what is signed but is no statement', () => {
    const text = canonicalJson(signStatement({ ...statement, _type: 'x' as never }, pair.signing));
    const verdict = verifyBundle(text, pair.verification);
    expect(verdict).toMatchObject({
      problems: [{ field: 'dsseEnvelope.payload._type', claimed: 'x' }],
    });
  });

  test('never throws, whatever it is given', () => {
    const anything = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(anything, (text) => {
        expect(verifyBundle(text, pair.verification).ok).toBe(false);
      }),
    );
  });
});
