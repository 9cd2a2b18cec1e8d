import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readKeyFiles } from '../../../src/packages/openpgp/keys.ts';
import type { Check } from '../../../src/packages/openpgp/signers.ts';

const named = process.env.MKBASE_TEST_RPM_MIRROR;
const complete = process.env.MKBASE_TEST_COMPLETE === '1';

/** The folder of real packages with their keys; a relative path starts at the top of the project. */
export const rpmMirror: string | undefined = named
  ? resolve(import.meta.dirname, '../../..', named)
  : undefined;

/** Ends the title of tests with real packages that are left out; where everything has to be tested, they fail instead. */
export const noRpmMirror: string | undefined =
  rpmMirror === undefined && !complete
    ? ' (left out: MKBASE_TEST_RPM_MIRROR names no folder of real packages of rpm)'
    : undefined;

/** The real packages and those of rpm's other implementation, by path below the folder. */
export function realPackages(): string[] {
  if (rpmMirror === undefined) throw new Error('MKBASE_TEST_RPM_MIRROR is not set');
  return readdirSync(rpmMirror, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.rpm'))
    .sort();
}

/** The packages among them that are signed in a way that is verified. */
export const signedPackages = (): string[] =>
  realPackages().filter((file) => /^real\/|\/signed\//.test(file) && !file.includes('mldsa'));

const keyFiles = [
  ...['CentOS-7', 'EPEL-7', 'Fedora-31', 'RedHat-8'].map((name) => `real/${name}.asc`),
  ...['v4-keyring', 'v4-ecdsa-nistp256', 'v6-keyring'].map(
    (name) => `made/keys/rpm-testkey-${name}.asc`,
  ),
];

/** A check by all their keys, of which it is known that those of distributions signed themselves with SHA-1. */
export async function realCheck(what: string): Promise<Check> {
  const keys = await readKeyFiles(keyFiles.map((file) => join(rpmMirror ?? '', file)));
  const known = async (fingerprint: string) => ({
    file: '',
    fingerprint,
    name: 'a key of a distribution',
    source: '',
    signs: '',
    created: '2000-01-01T00:00:00Z',
    expires: null,
    revoked: null,
    replacedBy: null,
    selfSignedWith: 'sha1' as const,
  });
  return { keys, what, now: new Date('2026-06-01T00:00:00Z'), known };
}
