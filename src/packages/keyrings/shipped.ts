import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ioError } from '../../base/errors.ts';
import { packageRoot } from '../../base/package-root.ts';
import { judgeKey, type KeyLife, revocationReasons } from './judge-key.ts';

/** A time in UTC, whole seconds. */
const instant = z.iso.datetime({ precision: 0 });

const shippedKey = z.strictObject({
  /** Path below the folder of the keyring. */
  file: z.string().min(1),
  /** OpenPGP's of the primary key, upper-case; of an RSA key of apk the sha256 of its DER form. */
  fingerprint: z.string().regex(/^(?:[0-9A-F]{40}|[0-9a-f]{64})$/),
  name: z.string().min(1),
  /** Name of one of the keyring's sources. */
  source: z.string().min(1),
  /** The suites or branches that it signs, for people. */
  signs: z.string().min(1),
  created: instant,
  expires: instant.nullable(),
  revoked: z.strictObject({ date: instant, reason: z.enum(revocationReasons) }).nullable(),
  /** Fingerprint of the key that signs in its place today. */
  replacedBy: z.string().nullable(),
  /** Stated of a key whose own signatures have no better hash: its fingerprint alone vouches for it. */
  selfSignedWith: z.literal('sha1').optional(),
});

const keyring = z.strictObject({
  distribution: z.string().min(1),
  sources: z.array(
    z.strictObject({
      package: z.string().min(1),
      version: z.string().nullable(),
      /** The file that the keys were taken out of, and its hash. */
      file: z.string().min(1),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  keys: z.array(shippedKey),
});

/** The facts about a key that ships with mkbase, as `keys.json` beside it states them. */
export type ShippedKey = z.infer<typeof shippedKey>;

/** The keys of one distribution, and where they come from. */
export type Keyring = z.infer<typeof keyring>;

/** Folders of the keyrings that ship with mkbase, below the top of the package. */
export const keyringFolders = [
  'src/packages/deb/keyring',
  'src/packages/deb/keyring/ubuntu',
  'src/packages/apk/keyring',
  'src/packages/rpm/keyring/alma',
  'src/packages/rpm/keyring/centos',
  'src/packages/rpm/keyring/fedora',
  'src/packages/rpm/keyring/rocky',
  'src/packages/alpm/keyring',
] as const;

async function readKeyring(folder: string): Promise<Keyring> {
  const file = join(packageRoot, folder, 'keys.json');
  try {
    return keyring.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw ioError(error, 'reading', file);
  }
}

/** Reads what is known of every key that ships with mkbase. Errors: IO. */
export const shippedKeyrings = (): Promise<Keyring[]> =>
  Promise.all(keyringFolders.map(readKeyring));

/** Finds a key that ships with mkbase by its fingerprint. */
export type FindKey = (fingerprint: string) => Promise<ShippedKey | undefined>;

/** Returns the times between which a key signs, by what is known of it. */
export function lifeOf({ name, created, expires, revoked }: ShippedKey): KeyLife {
  return {
    name,
    created: new Date(created),
    expires: expires === null ? undefined : new Date(expires),
    revoked: revoked === null ? undefined : { ...revoked, date: new Date(revoked.date) },
  };
}

/** The state of a key at a time; `future` when it is not made yet, so that a clock is wrong. */
export type KeyState = 'good' | 'expired' | 'revoked' | 'future';

/** Returns the state of a key at `now`: only a good one is believed when something is pinned. */
export function stateOf(key: ShippedKey, now: Date): KeyState {
  const life = lifeOf(key);
  if (judgeKey(life, { now, signedAt: now }).verdict === 'accepted') return 'good';
  const { created, expires } = life;
  if (created !== undefined && now < created) return 'future';
  return expires !== undefined && now >= expires ? 'expired' : 'revoked';
}

/** Returns the state of each key that ships with mkbase, by its fingerprint. Errors: IO. */
export async function shippedStates(now: Date): Promise<Readonly<Record<string, KeyState>>> {
  const keys = (await shippedKeyrings()).flatMap((each) => each.keys);
  return Object.fromEntries(keys.map((key) => [key.fingerprint, stateOf(key, now)]));
}

let byFingerprint: Promise<ReadonlyMap<string, ShippedKey>> | undefined;

async function indexed(): Promise<ReadonlyMap<string, ShippedKey>> {
  const keys = (await shippedKeyrings()).flatMap((each) => each.keys);
  return new Map(keys.map((key) => [key.fingerprint, key]));
}

/** Finds a key among those that ship with mkbase; reads their facts once. Errors: IO. */
export const findShippedKey: FindKey = async (fingerprint) => {
  byFingerprint ??= indexed();
  return (await byFingerprint).get(fingerprint);
};
