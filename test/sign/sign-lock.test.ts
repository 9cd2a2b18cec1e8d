import { generateKeyPairSync } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { trustChain } from '../../src/evidence/provenance/trust-chain.ts';
import { lockText } from '../../src/lock/lock-file.ts';
import { doubtsIn } from '../../src/lock/prove.ts';
import { proveInputs } from '../../src/pipeline/inputs/prove-inputs.ts';
import { signStatement } from '../../src/sign/bundle.ts';
import { loadSigningKey } from '../../src/sign/keys/signing-key.ts';
import { keySigner } from '../../src/sign/sign-folder.ts';
import { lockBundle, signLock } from '../../src/sign/sign-lock.ts';
import { check } from '../policy/subject.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lockedDeb, lockedDebs, lockOf } from '../support/lock.ts';
import { openedBuild } from '../support/opened-build.ts';
import { refusal, writeTree } from '../support/recipe.ts';
import { recordingIo } from '../support/store.ts';

const { io } = recordingIo();
const lock = lockOf('debs', lockedDebs(lockedDeb('hello'), lockedDeb('libhello')));

/** A key pair, and a project with a lock whose indexes nobody has, signed with it. */
async function signed() {
  const folder = temporaryFolder();
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  await writeTree(folder, {
    'recipe.yaml': 'name: demo\nfrom: { debs: { packages: [hello], security: false } }\n',
    'recipe.lock.json': lockText(lock),
    'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'key.pem.pub': publicKey.export({ type: 'spki', format: 'pem' }),
    'other.pub': generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }),
  });
  const at = (name: string) => join(folder, name);
  const key = await loadSigningKey(at('key.pem'), async () => '');
  const bundle = await signLock(at('recipe.lock.json'), lock, keySigner(key));
  const open = await openedBuild({ folder, cache: at('cache'), request: { offline: true } });
  const prove = (name = 'key.pem.pub', of = lock) =>
    proveInputs(open, of, { frozen: true, policy: 'mine', lockKey: at(name) }, io);
  return { at, key, bundle, open, prove };
}

test('a signature over the lock by a named key stands in for indexes that are gone, and the evidence says so', async () => {
  const { key, bundle, open, prove } = await signed();
  expect(bundle).toBe(lockBundle(open.plan.lockFile));
  const unsigned = await refusal(proveInputs(open, lock, { frozen: true }, io));
  expect(unsigned.message).toContain('is not proven');

  const proof = await prove();
  expect(doubtsIn(lock, proof)).toEqual([]);
  const trust = trustChain(lock, proof);
  expect(trust.lockKey).toMatchObject({ key: key.hint, file: 'lock.sigstore.json' });
  const [link] = trust.links;
  expect(link).toMatchObject({ by: 'lock-key', vouchesFor: ['hello', 'libhello'] });
  const allow = Object.fromEntries((link?.signedBy ?? []).map((one) => [one, 'the archive']));
  expect(await check({ unsignedInputs: {}, keys: { allow } }, { lock, trust })).toEqual([]);
  const none = await check({ keys: { allow: { ['0'.repeat(40)]: 'nobody' } } }, { lock, trust });
  expect(none).toHaveLength(1);
});

test('a lock that was edited, another key, another statement and no signature are refused', async () => {
  const { at, key, bundle, prove } = await signed();
  const edited = lockOf('debs', lockedDebs(lockedDeb('hello', { sha256: 'f'.repeat(64) })));
  expect((await refusal(prove('key.pem.pub', edited))).message).toContain('subject[0].digest');
  expect((await refusal(prove('other.pub'))).message).toContain('does not hold');
  const text = await readFile(bundle, 'utf8');
  const statement = JSON.parse(
    Buffer.from(JSON.parse(text).dsseEnvelope.payload, 'base64').toString(),
  );
  const provenance = signStatement({ ...statement, predicateType: 'https://slsa.dev/x' }, key);
  await writeFile(bundle, canonicalJson(provenance));
  expect((await refusal(prove())).message).toContain('predicateType');
  await rm(bundle);
  const missing = await refusal(prove());
  expect(missing).toMatchObject({
    code: 'SOURCE_UNTRUSTED',
    hint: expect.stringContaining('mkbase sign'),
  });
  expect(missing.message).toContain(at('recipe.lock.sigstore.json'));
});
