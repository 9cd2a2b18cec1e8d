import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { PastCheck } from '../../keyrings/judge-key.ts';
import { recordOf } from '../installed/database.ts';
import type { LockedRpm } from '../locked-rpms.ts';
import { tags } from '../package/tags.ts';
import { type SignedRpm, verifyRpm } from '../signed/verify-rpm.ts';
import type { AskedRepository, RpmContext } from './asked-repository.ts';

/** Fields of a locked package that its own signed header states. */
export type OfHeader = Pick<
  LockedRpm,
  'name' | 'version' | 'architecture' | 'source' | 'header' | 'signedBy'
>;

/** A package as its signed header states it, and the time at which it was built, seconds since 1970. */
export interface VerifiedRpm {
  readonly stated: OfHeader;
  readonly built: number;
}

/** Returns what a package's signed header says. Throws ARCHIVE_REFUSED for one without a name. */
function ofHeader({ header, signedBy }: SignedRpm, what: string): VerifiedRpm {
  try {
    const { name, version, architecture, source } = recordOf(header);
    const stated = { name, version, architecture, source, header: header.digest(), signedBy };
    return { stated, built: header.numbers(tags.buildTime)[0] ?? 0 };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MkbaseError({
      code: 'ARCHIVE_REFUSED',
      message: `${what}: ${error.message}.`,
      hint: 'The package itself is at fault: report it to whoever made it.',
    });
  }
}

/** A file in the store that should be a package, and the name that its messages bear. */
export interface StoredRpm {
  readonly sha256: string;
  /** For instance `bash-5.2.37-3.x86_64.rpm of baseos`. */
  readonly what: string;
}

/** Verifies a stored package's own signature. Errors: SOURCE_UNTRUSTED, SOURCE_CORRUPT, ARCHIVE_REFUSED. */
export async function verifyStored(
  { sha256, what }: StoredRpm,
  { keys }: AskedRepository,
  { store, now }: RpmContext,
  past: PastCheck | undefined,
  { signal }: Io,
): Promise<VerifiedRpm> {
  signal.throwIfAborted();
  const check = { keys, what, now, ...(past && { past }) };
  return ofHeader(await verifyRpm(store.read(sha256), check), what);
}
