import { join } from 'node:path';
import { reformatKey, revokeKey } from 'openpgp';
import { expect, test } from 'vitest';
import { mismatchesOf, outcomeOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch } from '../support/image.ts';
import { type BuildSample, makeOutputFolder, sampleKey } from '../support/output-folder.ts';

const day = 86_400_000;
const { signal } = new AbortController();

/** Returns the sample's key as it is after it was revoked for a reason (RFC 9580, 5.2.3.31). */
async function revoked(flag: 0 | 1 | 2 | 3): Promise<string> {
  const { privateKey } = await sampleKey();
  const reasonForRevocation = { flag };
  return (await revokeKey({ key: privateKey, reasonForRevocation, format: 'armored' })).publicKey;
}

/** Returns the sample's key as it is when it ends a day after it signed. */
async function expired(): Promise<string> {
  const { privateKey } = await sampleKey();
  const made = new Date(epoch * 1000 - day);
  const userIDs = [{ name: 'Test Archive', email: 'archive@example.org' }];
  const keyExpirationTime = (2 * day) / 1000;
  return (await reformatKey({ privateKey, userIDs, keyExpirationTime, date: made })).publicKey;
}

/** Verifies a build of the sample, and returns what is said of signatures. */
async function verified(sample: BuildSample) {
  const folder = join(temporaryFolder(), 'out');
  const { store } = await makeOutputFolder(folder, sample);
  const trust = { store, folder: temporaryFolder(), now: new Date() };
  const images = await imagesIn(folder);
  const report = await verify({ subject: 'it', images, evidence: folder, trust }, signal);
  const about = report.checks.filter(({ what }) => what.startsWith('the signatures in trust/:'));
  return {
    mismatches: mismatchesOf(report),
    said: about.map((check) => `${outcomeOf(check)}: ${check.what}`),
    checks: report.checks,
  };
}

const allow = ['revoked-key'] as const;

test.each<readonly [string, 0 | 2]>([
  ['that was lost', 2],
  ['that was revoked without a reason', 0],
])(
  'a build that was let believe a key %s has no mismatch, and the key is told as claimed',
  async (_, flag) => {
    const { mismatches, said, checks } = await verified({ publicKey: await revoked(flag), allow });
    expect(mismatches).toEqual([]);
    expect(said).toEqual([
      expect.stringMatching(
        /^claimed: .*: Key \S+ was revoked on .*: somebody else may hold it \(--allow revoked-key\); it signed on/,
      ),
    ]);
    expect(checks.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^the builder: mkbase \S+, --allow revoked-key$/),
    );
  },
);

test('a lost key is a mismatch where the build does not say that it was let believe it', async () => {
  const { mismatches } = await verified({ publicKey: await revoked(2) });
  expect(mismatches).toEqual([
    expect.objectContaining({
      file: 'trust/trixie.InRelease',
      computed: expect.stringContaining('somebody else may hold it'),
    }),
  ]);
});

test.each<readonly [string, () => Promise<string>, RegExp]>([
  ['has expired', expired, /^holds: .*: Key \S+ expired on .*; it signed on/],
  ['was retired', () => revoked(3), /^holds: .*: it is retired; it signed on/],
])('a key that %s since it signed is no mismatch, and is told', async (_, key, words) => {
  const { mismatches, said } = await verified({ publicKey: await key() });
  expect(mismatches).toEqual([]);
  expect(said).toEqual([expect.stringMatching(words)]);
});
