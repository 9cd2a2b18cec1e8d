import type { LockedApks } from '../../src/packages/apk/locked-apks.ts';
import type { ApkKey, BuiltApk } from './apk.ts';
import { sha256Of } from './store.ts';

export const repository = 'v3.20/main';

/** The place of an index, and the key that signed it. */
interface SignedPlace {
  readonly mirror: string;
  readonly index: Uint8Array;
  readonly key: ApkKey;
}

/** Returns a lock of one package, `apk`, whose fields are those of the one that the index lists. */
export function lockedApk(
  listed: BuiltApk,
  { mirror, index, key }: SignedPlace,
  apk: BuiltApk = listed,
): LockedApks {
  const stated = (letter: string) => new RegExp(`^${letter}:(.*)$`, 'm').exec(listed.stanza)?.[1];
  return {
    arch: 'x86_64',
    indexes: [
      {
        ...{ repository, mirror, date: 1_725_600_000, sha256: sha256Of(index) },
        ...{ signedBy: key.name, signature: 'rsa-sha1' },
      },
    ],
    wanted: ['hello'],
    packages: [
      {
        ...{ name: 'hello', version: '1.0-r0', arch: 'x86_64', origin: 'hello', repository },
        ...{ license: stated('L') ?? 'unknown', checksum: stated('C') ?? '' },
        filename: `${repository}/x86_64/${apk.filename}`,
        ...{ size: apk.bytes.length, sha256: sha256Of(apk.bytes) },
      },
    ],
    date: 1_725_000_000,
  };
}
