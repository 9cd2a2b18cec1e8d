import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import type { Statement } from '../../src/evidence/provenance/statement.ts';
import type { Bundle } from '../../src/sign/bundle.ts';
import { loadSigningKey } from '../../src/sign/keys/signing-key.ts';
import { loadVerificationKey, type VerificationKey } from '../../src/sign/keys/verification-key.ts';
import { keySigner, type Signer, signFolder } from '../../src/sign/sign-folder.ts';
import { verifyBundle } from '../../src/sign/verify-bundle.ts';
import { parseFreshness } from '../../src/verify/freshness.ts';
import { rebuildStatement } from '../../src/verify/rebuild/rebuild-statement.ts';
import { settledBy } from '../../src/verify/rebuild/settle.ts';
import { checksThat, mismatchesOf } from '../../src/verify/report.ts';
import { answersTo, requirements } from '../../src/verify/require.ts';
import { isPassed, summaryStatement } from '../../src/verify/summary.ts';
import { imagesIn, type VerifyRequest, verify } from '../../src/verify/verify.ts';
import { kinds, makeKeys } from '../sign/keys.ts';
import { temporaryFolder } from '../support/folder.ts';
import { edit, forgeInventory, reseal } from '../support/forge.ts';
import { epoch } from '../support/image.ts';
import { makeOutputFolder, type OutputFolder } from '../support/output-folder.ts';
import { refusal } from '../support/recipe.ts';
import { sha256Of } from '../support/store.ts';

const { signal } = new AbortController();
const now = new Date((epoch + 10 * 86_400) * 1000);

let original = '';
let built: OutputFolder;
let sign: Signer;
let key: VerificationKey;
let other: VerificationKey;

beforeAll(async () => {
  original = join(temporaryFolder(), 'out');
  built = await makeOutputFolder(original);
  const files = makeKeys(temporaryFolder(), kinds.Ed25519!);
  sign = keySigner(await loadSigningKey(files.privateKey, async () => undefined));
  key = await loadVerificationKey(files.publicKey);
  other = await loadVerificationKey(makeKeys(temporaryFolder(), kinds.Ed25519!).publicKey);
  await signFolder(original, sign);
});

function copied(): string {
  const folder = join(temporaryFolder(), 'copy');
  cpSync(original, folder, { recursive: true });
  return folder;
}

async function reportOn(folder: string, request: Partial<VerifyRequest> = {}) {
  const images = await imagesIn(folder);
  return verify(
    { subject: 'it', images, evidence: folder, store: built.store, ...request },
    signal,
  );
}

/** What a statement of a rebuild says that came out the same. */
function addRebuild(folder: string): Statement {
  const provenance = JSON.parse(readFileSync(join(folder, 'provenance.json'), 'utf8'));
  const [manifest, config, layer] = (provenance.subject as Statement['subject']).map(
    ({ digest }) => `sha256:${digest.sha256}`,
  );
  const statement = rebuildStatement({
    ...{ provenance, engine: 'docker', platform: 'linux/amd64' },
    sha256: {
      lock: sha256Of(readFileSync(join(folder, 'lock.json'))),
      provenance: sha256Of(readFileSync(join(folder, 'provenance.json'))),
    },
    digests: [
      { name: 'manifest', claimed: manifest, rebuilt: manifest },
      { name: 'config', claimed: config, rebuilt: config },
      { name: 'layer', claimed: layer, rebuilt: layer },
    ],
  });
  writeFileSync(join(folder, 'rebuild.json'), canonicalJson(statement));
  return statement;
}

const missing = (report: Parameters<typeof answersTo>[0]) =>
  answersTo(report, requirements).flatMap((each) => (each.missing ? [each.requirement] : []));

describe('--require', () => {
  test('finds the image where its bytes are, and no signature without a key', async () => {
    expect(missing(await reportOn(copied()))).toEqual(['signature', 'rebuild', 'complete']);
    expect(missing(await reportOn(copied(), { images: [] }))).toContain('image');
    const signed = await reportOn(copied(), { keys: [other, key] });
    expect(mismatchesOf(signed)).toEqual([]);
    expect(missing(signed)).toEqual(['rebuild', 'complete']);
  });

  test('counts a rebuild by others only where one of the keys signed it', async () => {
    const folder = copied();
    const statement = addRebuild(folder);
    const unsigned = await reportOn(folder, { keys: [key] });
    expect(missing(unsigned)).toContain('rebuild');
    expect(checksThat(unsigned, 'claimed').map(({ claimed }) => claimed)).toContain(
      'nobody signed it',
    );
    const signed = { file: 'rebuild.json', bundle: 'rebuild.sigstore.json', predicateType: '' };
    writeFileSync(join(folder, signed.bundle), await sign(statement, signed));
    expect(missing(await reportOn(folder))).toContain('rebuild');
    expect(missing(await reportOn(folder, { keys: [key] }))).not.toContain('rebuild');
  });

  test('a rebuild that gave the same bears out what only a build can see', async () => {
    const { checks } = await reportOn(copied());
    const same = { what: 'a rebuild', mismatches: [] };
    const differs = {
      what: 'a rebuild',
      mismatches: [{ file: '', field: '', claimed: '', computed: '' }],
    };
    const claims = (all: typeof checks) =>
      checksThat({ subject: '', checks: all }, 'claimed').length;
    expect(claims(checks)).toBe(3);
    expect(claims(settledBy([same], checks))).toBe(1);
    expect(claims(settledBy([same, differs], checks))).toBe(3);
    expect(claims(settledBy([], checks))).toBe(3);
  });
});

/** Forgeries by somebody without the key, who makes all digests right. */
const forgeries: readonly (readonly [what: string, forge: (folder: string) => void])[] = [
  [
    'licences in both bills of materials',
    (folder) => {
      const licence = { expression: 'MIT', basis: 'says so', texts: [] };
      const components = built.inventory.components.map((each) => ({ ...each, licence }));
      forgeInventory(folder, { ...built.inventory, components }, built.subject);
    },
  ],
  [
    'the version of mkbase in the provenance',
    (folder) =>
      edit(
        folder,
        'provenance.json',
        (statement: { predicate: { runDetails: { builder: { version: object } } } }) => {
          statement.predicate.runDetails.builder.version = { mkbase: '9.9.9' };
        },
      ),
  ],
  [
    'a file of evidence',
    (folder) =>
      edit(folder, 'lock.json', (lock: { mirror: string }) => {
        lock.mirror = 'https://elsewhere.example';
      }),
  ],
];

test.each(forgeries)('%s, forged without the key, fail under --key', async (_, forge) => {
  const folder = copied();
  forge(folder);
  reseal(folder);
  const report = await reportOn(folder, { keys: [other, key] });
  const [signatures] = report.checks.filter(({ what }) => what === 'the signatures');
  expect(signatures?.mismatches.length).toBeGreaterThan(0);
  expect(missing(report)).toContain('signature');
});

test('signatures that are gone, or made by a key that is not named, fail under --key', async () => {
  const unsigned = join(temporaryFolder(), 'out');
  await makeOutputFolder(unsigned);
  expect(mismatchesOf(await reportOn(unsigned, { keys: [key] }))).toContainEqual(
    expect.objectContaining({ file: 'provenance.sigstore.json', claimed: 'nothing' }),
  );
  expect(mismatchesOf(await reportOn(copied(), { keys: [other] })).length).toBeGreaterThan(0);
});

describe('--not-older-than', () => {
  const ageOf = async (said: string, at = now, folder = original) => {
    const report = await reportOn(folder, { freshness: parseFreshness(said, at) });
    const found = report.checks.find(({ what }) => what.startsWith('the age of'));
    return { extent: found?.extent, wrong: found?.mismatches.map(({ field }) => field) };
  };
  const field = 'newest index or release of the packages';

  test('judges by the dates of the indexes in the lock, and says which', async () => {
    expect(await ageOf('11d')).toEqual({ extent: `${field}: 2024-01-01T00:00:00Z`, wrong: [] });
    expect(await ageOf('2w')).toMatchObject({ wrong: [] });
    expect(await ageOf('2023-12-31')).toMatchObject({ wrong: [] });
    expect(await ageOf('9d')).toMatchObject({ wrong: [field] });
    expect(await ageOf('12h')).toMatchObject({ wrong: [field] });
    expect(await ageOf('2024-01-02T00:00:00Z')).toMatchObject({ wrong: [field] });
  });

  test('believes no index from the future, and no evidence without a lock', async () => {
    expect(await ageOf('4w', new Date((epoch - 3 * 86_400) * 1000))).toMatchObject({
      wrong: [field],
    });
    expect(await ageOf('4w', now, temporaryFolder())).toMatchObject({ wrong: ['date'] });
  });

  test.each(['30', '0d', '3y', 'yesterday', '2024-13-45', ''])('refuses %j', async (said) => {
    const { code } = await refusal((async () => parseFreshness(said, now))());
    expect(code).toBe('USAGE');
  });
});

describe('the summary of a verification', () => {
  const summaryOf = async (folder: string, request: Partial<VerifyRequest>) => {
    const report = await reportOn(folder, request);
    const answers = answersTo(report, ['image', 'signature']);
    const keys = (request.keys ?? []).map(({ hint }) => hint);
    const input = { report, answers, keys, notOlderThan: '30d', now };
    return { passed: isPassed(report, answers), statement: await summaryStatement(input) };
  };

  test('is a statement about the digests of the image, in the form that SLSA gives it', async () => {
    const folder = copied();
    const { statement, passed } = await summaryOf(folder, { keys: [key] });
    const { subject } = JSON.parse(
      readFileSync(join(folder, 'provenance.json'), 'utf8'),
    ) as Statement;
    const digests = subject.map(({ digest }) => digest);
    expect(passed).toBe(true);
    expect(statement).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: ['sample', 'config.json', 'rootfs.tar'].map((name, at) => ({
        name,
        digest: digests[at],
      })),
      predicateType: 'https://slsa.dev/verification_summary/v1',
      predicate: {
        verifier: { id: expect.stringMatching(/^urn:mkbase:verifier:local:\d/) },
        timeVerified: '2024-01-11T00:00:00Z',
        resourceUri: `pkg:oci/sample@sha256%3A${digests[0]?.sha256}`,
        policy: {
          uri: `urn:mkbase:verify:v1?=require=image&require=signature&key=${encodeURIComponent(key.hint)}&not-older-than=30d`,
        },
        inputAttestations: [
          'provenance.json',
          'sbom.spdx.json',
          'sbom.cdx.json',
          'provenance.sigstore.json',
          'sbom.spdx.sigstore.json',
          'sbom.cdx.sigstore.json',
        ].map((uri) => ({ uri, digest: { sha256: sha256Of(readFileSync(join(folder, uri))) } })),
        verificationResult: 'PASSED',
        verifiedLevels: ['SLSA_BUILD_LEVEL_1', 'MKBASE_SIGNED'],
        slsaVersion: '1.0',
      },
    });
  });

  test('says that a verification failed, whether by a mismatch or for want of what is required', async () => {
    const folder = copied();
    edit(folder, 'provenance.json', (statement: { predicateType: string }) => {
      statement.predicateType = 'x';
    });
    for (const [place, keys] of [
      [folder, [key]],
      [original, []],
    ] as const) {
      const { statement, passed } = await summaryOf(place, { keys });
      expect(passed).toBe(false);
      expect(statement.predicate).toMatchObject({
        verificationResult: 'FAILED',
        verifiedLevels: ['FAILED'],
      });
    }
  });

  test('is about the digests of the provenance where no image is there, and claims no level of SLSA then', async () => {
    const { statement } = await summaryOf(copied(), { images: [], keys: [key] });
    expect(statement.subject).toHaveLength(3);
    expect(statement.predicate).toMatchObject({ verificationResult: 'FAILED' });
    const report = await reportOn(copied(), { images: [] });
    const input = { report, answers: [], keys: [], notOlderThan: undefined, now };
    expect((await summaryStatement(input)).predicate).toMatchObject({
      verifiedLevels: ['SLSA_BUILD_LEVEL_0'],
      policy: { uri: 'urn:mkbase:verify:v1' },
    });
  });

  test('is refused where there is no digest that it could be about', async () => {
    const report = await reportOn(temporaryFolder());
    const input = { report, answers: [], keys: [], notOlderThan: undefined, now };
    expect((await refusal(summaryStatement(input))).code).toBe('USAGE');
  });

  test('is signed in a bundle that the key checks', async () => {
    const { statement } = await summaryOf(original, { keys: [key] });
    const text = await sign(statement, { file: '', bundle: '', predicateType: '' });
    expect(verifyBundle(text, key)).toEqual({
      ok: true,
      statement: JSON.parse(JSON.stringify(statement)),
    });
    const { dsseEnvelope } = JSON.parse(text) as Bundle;
    expect(dsseEnvelope.payloadType).toBe('application/vnd.in-toto+json');
    expect(verifyBundle(text, other).ok).toBe(false);
  });
});
