import { createReadStream, readFileSync } from 'node:fs';
import { readPrivateKey } from 'openpgp';
import { openRpm } from '../../../src/packages/rpm/package/open-rpm.ts';
import { nodeRsaKey } from '../../support/openpgp-key.ts';
import { headerOf, joinRpm, signV3 } from '../../support/rpm/writer.ts';
import { sha256Of } from '../../support/store.ts';
import { type RpmDistribution, unlocked } from './rpm-distribution.ts';

/** Returns a package with another payload than was signed. */
export function changedPayload(file: string): Buffer {
  const bytes = readFileSync(file);
  bytes[bytes.length - 30]! ^= 1;
  return bytes;
}

/** Reads the header of a package, and the offset of its payload. */
async function partsOf(file: string): Promise<{ header: Buffer; at: number }> {
  const { header, start, rest } = await openRpm(createReadStream(file), file);
  await rest.close();
  return { header: header.bytes, at: start.reduce((sum, part) => sum + part.length, 0) };
}

/**
 * Returns a package with a signature of version 3 by the distribution's key in place of its own, over its header or,
 * wrongly, over that of another package. `hash` is OpenPGP's number.
 */
export async function resignV3(
  { run, signer }: RpmDistribution,
  file: string,
  { of = file, hash = 8 } = {},
): Promise<Buffer> {
  const armoredKey = run('gpg', ...unlocked, '--armor', '--export-secret-keys', signer);
  const privateKey = await readPrivateKey({ armoredKey });
  const key = { privateKey, node: nodeRsaKey({ privateKey }) };
  const { header, at } = await partsOf(file);
  const signature = signV3((await partsOf(of)).header, key, { hash });
  const signatures = headerOf({ 268: signature, 273: sha256Of(header) }, 62);
  return joinRpm(signatures, header, readFileSync(file).subarray(at));
}

/** Returns the distribution's key as it is once it has expired. */
export function expiredKey({ run, signer, fingerprint }: RpmDistribution): string {
  const past = ['--faked-system-time', '1700000500'];
  run('gpg', ...unlocked, ...past, '--quick-set-expire', fingerprint, 'seconds=1000');
  return run('gpg', '--armor', '--export', signer);
}

/** Signs a distribution with a key that has signed itself with SHA-1, and returns that. */
export function weakKey(distribution: RpmDistribution): string {
  const { run } = distribution;
  const weak = 'weak@testdist.example';
  const made = ['--faked-system-time', '1699999000', '--cert-digest-algo', 'SHA1'];
  run('gpg', ...unlocked, ...made, '--quick-gen-key', `Weak <${weak}>`, 'rsa2048', 'sign', 'never');
  distribution.signAll(weak);
  return run('gpg', '--armor', '--export', weak);
}

/** Returns a key that has signed nothing of a distribution. */
export function otherKey({ run }: RpmDistribution): string {
  const other = 'other@testdist.example';
  run('gpg', ...unlocked, '--quick-gen-key', `Other <${other}>`, 'rsa2048', 'sign', 'never');
  return run('gpg', '--armor', '--export', other);
}
