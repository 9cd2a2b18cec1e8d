import {
  armor,
  config,
  createMessage,
  enums,
  generateKey,
  type PrivateKey,
  type PublicKey,
  readKey,
  readPrivateKey,
  revokeKey,
  sign,
} from 'openpgp';

/** A day in the past on which every key of a test was made. */
const made = new Date('2025-01-01T00:00:00Z');

async function newKey(...names: readonly string[]): Promise<PrivateKey> {
  const { privateKey } = await generateKey({
    userIDs: names.map((name) => ({
      name,
      email: `${name.toLowerCase().replaceAll(' ', '.')}@arch.example`,
    })),
    type: 'ecc',
    curve: 'ed25519Legacy',
    subkeys: [],
    date: made,
    format: 'armored',
  });
  return readPrivateKey({ armoredKey: privateKey });
}

export const fingerprintOf = (key: { getFingerprint(): string }): string =>
  key.getFingerprint().toUpperCase();

/** A packager's key with the certifications of masters. */
export interface Packager {
  readonly key: PrivateKey;
  readonly fingerprint: string;
  /** As the keyring has it. */
  readonly own: PublicKey;
}

/** Five master keys, and packagers whom some of them certify. */
export interface TestWeb {
  readonly masters: readonly PrivateKey[];
  readonly fingerprints: readonly string[];
  /** Makes a packager whom this many masters certify. */
  packager(
    name: string,
    certifiedBy: number,
    options?: { revoked?: boolean; names?: readonly string[] },
  ): Promise<Packager>;
  /** Has masters, by their numbers, certify one user id of a packager's key. */
  certify(packager: Packager, user: number, by: readonly number[]): Promise<void>;
  /** Has a packager revoke one user id. */
  revokeUser(packager: Packager, user: number): Promise<void>;
  /** The keyring of the masters and of packagers: armored keys, one after the other. */
  keyring(packagers: readonly Packager[]): string;
}

async function revokedKey(key: PrivateKey): Promise<PublicKey> {
  const { publicKey } = await revokeKey({
    key,
    reasonForRevocation: { flag: 2 as never, string: 'stolen' },
    date: new Date('2025-06-01T00:00:00Z'),
    format: 'armored',
  } as never);
  return readKey({ armoredKey: publicKey as unknown as string });
}

export async function newWeb(): Promise<TestWeb> {
  const names = ['One', 'Two', 'Three', 'Four', 'Five'];
  const masters = await Promise.all(names.map((each) => newKey(`Master ${each}`)));
  return {
    masters,
    fingerprints: masters.map(fingerprintOf),
    certify: async ({ own }, at, by) => {
      const user = own.users[at]!;
      const certified = await user.certify(
        by.map((each) => masters[each]!),
        made,
        config,
      );
      user.otherCertifications.push(...certified.otherCertifications);
    },
    revokeUser: async ({ key, own }, at) => {
      const user = own.users[at]!;
      const { keyPacket } = await key.getSigningKey();
      const revoked = await user.revoke(
        keyPacket as never,
        { flag: 32 as never, string: '' },
        made,
        config,
      );
      user.revocationSignatures.push(...revoked.revocationSignatures);
    },
    packager: async (name, certifiedBy, { revoked = false, names = [name] } = {}) => {
      let key = await newKey(...names);
      if (certifiedBy > 0) {
        key = (await key.signAllUsers(masters.slice(0, certifiedBy), made)) as PrivateKey;
      }
      const own = revoked ? await revokedKey(key) : key.toPublic();
      return { key, fingerprint: fingerprintOf(key), own };
    },
    keyring: (packagers) => {
      const keys = [...masters.map((each) => each.toPublic()), ...packagers.map(({ own }) => own)];
      return armor(enums.armor.publicKey, Buffer.concat(keys.map((each) => each.write())));
    },
  };
}

/** A binary detached signature, as `makepkg --sign` makes it. */
export async function signPackage(bytes: Uint8Array, { key }: Packager): Promise<Uint8Array> {
  const message = await createMessage({ binary: bytes });
  return sign({
    message,
    signingKeys: key,
    detached: true,
    format: 'binary',
    date: new Date('2026-05-29T00:00:00Z'),
  }) as Promise<Uint8Array>;
}
