import type { PublicKey } from 'openpgp';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { hashOfStream, sha256OfBytes } from '../../base/hash.ts';
import { whole } from '../../base/whole.ts';
import { verifyDetached } from '../../packages/openpgp/signature.ts';
import type { RunSources } from '../../packages/sources.ts';
import { showUrl } from '../../store/show-url.ts';
import type { Store } from '../../store/store.ts';
import { isAbsent } from '../../store/transfer/failure.ts';
import type { RootfsTrust } from './locked-rootfs.ts';

/** The store and the rules of trust with which published archives are pinned. */
export type ArchiveContext = Pick<RunSources, 'store' | 'offline' | 'allow' | 'now'>;

/** A detached signature as it was fetched. */
export interface Signature {
  /** May carry credentials. */
  readonly url: string;
  readonly bytes: Uint8Array;
}

const maxSignatureBytes = 1024 * 1024;

/** Fetches a signature; undefined where the mirror says that there is none. Errors: those of fetchBytes. */
export async function fetchSignature(
  url: string,
  { store, offline }: ArchiveContext,
  io: Io,
): Promise<Signature | undefined> {
  try {
    return {
      url,
      bytes: await store.fetchBytes(url, { maxBytes: maxSignatureBytes, offline }, io),
    };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Returns why an archive without a signature is accepted. Throws SOURCE_UNTRUSTED when it is not. */
export function trustUnsigned(
  what: string,
  pinned: boolean,
  { allow }: ArchiveContext,
): RootfsTrust {
  if (pinned) return { by: 'recipe' };
  if (allow.includes('unsigned-archive')) return { by: 'unsigned-archive' };
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${what} has no signature: there is no .asc beside it.`,
    hint: 'Use a mirror that has it, pin the archive with "sha512" in the recipe, or accept whatever the mirror has with --allow unsigned-archive.',
  });
}

/** Checks a signature over a stored archive. Throws SOURCE_UNTRUSTED unless it holds. */
export async function trustSigned(
  signature: Signature,
  archive: { readonly sha256: string; readonly what: string },
  keys: readonly PublicKey[],
  { store, now }: ArchiveContext,
): Promise<RootfsTrust> {
  const { what, sha256 } = archive;
  const { url, bytes } = signature;
  const signedBy = await verifyDetached(store.read(sha256), bytes, { keys, what, now });
  const hash = sha256OfBytes(bytes);
  await store.write(whole(bytes), hash);
  return { by: 'signature', url: showUrl(url), sha256: hash, signedBy };
}

/** Returns the sha512 of a stored blob, hexadecimal. */
export async function sha512Of(store: Store, sha256: string): Promise<string> {
  return hashOfStream('sha512', store.read(sha256));
}
