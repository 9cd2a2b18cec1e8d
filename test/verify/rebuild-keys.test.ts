import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { sha256OfBytes } from '../../src/base/hash.ts';
import type { JsonRecord } from '../../src/base/json.ts';
import { signStatement } from '../../src/sign/bundle.ts';
import { generateKey } from '../../src/sign/keys/generate-key.ts';
import { loadSigningKey } from '../../src/sign/keys/signing-key.ts';
import { loadVerificationKeys } from '../../src/sign/keys/verification-key.ts';
import { recordedDigests } from '../../src/verify/provenance.ts';
import { checkRebuildStatement, rebuildFiles } from '../../src/verify/rebuild/check-statement.ts';
import { digestNames } from '../../src/verify/rebuild/compare-rebuild.ts';
import { rebuildStatement } from '../../src/verify/rebuild/rebuild-statement.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch } from '../support/image.ts';
import { makeOutputFolder } from '../support/output-folder.ts';

const signal = new AbortController().signal;
const folder = join(temporaryFolder(), 'out');
const what = 'the signature of rebuild.json';

let provenance: JsonRecord;
let older: Awaited<ReturnType<typeof generateKey>>;
let newer: typeof older;

/** Leaves the statement of a rebuild that gave the same digests, signed by the old key. */
beforeAll(async () => {
  await makeOutputFolder(folder);
  const keys = temporaryFolder();
  older = await generateKey(join(keys, 'old.pem'), undefined);
  newer = await generateKey(join(keys, 'new.pem'), undefined);
  const text = readFileSync(join(folder, 'provenance.json'), 'utf8');
  provenance = JSON.parse(text) as JsonRecord;
  const recorded = recordedDigests(provenance);
  const statement = rebuildStatement({
    provenance,
    sha256: {
      lock: sha256OfBytes(readFileSync(join(folder, 'lock.json'))),
      provenance: sha256OfBytes(text),
    },
    engine: 'docker',
    platform: 'linux/amd64',
    digests: digestNames.map((name) => {
      const digest = recorded[name];
      return { name, claimed: digest, rebuilt: digest };
    }) as never,
  });
  const key = await loadSigningKey(older.privateKey, async () => undefined);
  writeFileSync(join(folder, rebuildFiles.statement), canonicalJson(statement));
  const bundle = canonicalJson(signStatement(statement, key));
  writeFileSync(join(folder, rebuildFiles.bundle), bundle);
});

async function checkedBy(...options: string[]) {
  const keys = await loadVerificationKeys(options);
  const checks = await checkRebuildStatement(folder, provenance, keys, signal);
  expect(checks[0]?.mismatches).toEqual([]);
  return checks.find((check) => check.what === what);
}

const until = (days: number) => {
  const day = new Date((epoch + days * 86_400) * 1000).toISOString().slice(0, 10);
  return `file=${older.publicKey},until=${day}`;
};

test('the signature of a rebuild is checked by the key that it names, of several', async () => {
  expect(await checkedBy(newer.publicKey, older.publicKey)).toEqual({
    ...{ what, mismatches: [], proves: 'rebuild' },
  });
  expect((await checkedBy(newer.publicKey))?.skipped).toContain('another key');
  expect((await checkedBy())?.skipped).toContain('--key names no public key');
});

test('the signature of a rebuild does not count by a key that has ended', async () => {
  expect((await checkedBy(until(1)))?.mismatches).toEqual([]);
  expect((await checkedBy(until(0), newer.publicKey))?.mismatches).toMatchObject([
    { file: rebuildFiles.bundle, claimed: expect.stringContaining('over inputs of') },
  ]);
});
