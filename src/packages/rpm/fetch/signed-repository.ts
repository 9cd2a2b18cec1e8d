import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { sha256OfBytes } from '../../../base/hash.ts';
import { whole } from '../../../base/whole.ts';
import type { Store } from '../../../store/store.ts';
import { isAbsent } from '../../../store/transfer/failure.ts';
import { below, withoutCredentials } from '../../mirror-url.ts';
import { verifyDetached } from '../../openpgp/signature.ts';
import { clockSkewSeconds } from '../../openpgp/signers.ts';
import {
  type RememberedIndex,
  recallIndex,
  refuseOlderIndex,
  rememberedBytes,
  rememberedIndexFile,
  rememberIndex,
} from '../../remembered-index.ts';
import type { LockedRpmRepository } from '../locked-rpms.ts';
import { readMetalink } from '../repository/metalink.ts';
import { maxRepomdBytes, type Repomd, readRepomd } from '../repository/repomd.ts';
import { repomdPath, signaturePath } from '../rpm-inputs.ts';
import type { AskedRepository, RpmContext } from './asked-repository.ts';

/** A repository whose list was authenticated, as far as the repository is signed. */
export interface SignedRepository {
  readonly asked: AskedRepository;
  readonly locked: LockedRpmRepository;
  readonly repomd: Repomd;
}

/** Far more than the signature of any list has. */
export const maxSignatureBytes = 1024 * 1024;
const maxMetalinkBytes = 4 * 1024 * 1024;

/** The files of a repository's list and its signature that a run remembers, by their URLs. */
interface Fetched {
  readonly bytes: Buffer;
  readonly what: string;
  readonly state: string;
  readonly seen: RememberedIndex | undefined;
}

/** Fetches a file whose hash nobody knows; offline, the last one that was believed is read again. */
async function fetchList(
  { asked, path, maxBytes }: { asked: AskedRepository; path: string; maxBytes: number },
  { store, offline }: RpmContext,
  io: Io,
): Promise<Fetched> {
  const url = below(asked.url, path);
  const what = withoutCredentials(url);
  const state = rememberedIndexFile(store.folder, 'rpm', what);
  const seen = await recallIndex(state);
  if (offline && !url.startsWith('file:')) {
    return { bytes: await rememberedBytes(seen, what, store, io), what, state, seen };
  }
  try {
    const bytes = Buffer.from(await store.fetchBytes(url, { maxBytes }, io));
    return { bytes, what, state, seen };
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw absent(asked, path, what, error);
  }
}

/** Fetches a repository's list, from its archive where it is at its usual place no more. */
async function findList(
  asked: AskedRepository,
  context: RpmContext,
  io: Io,
): Promise<{ asked: AskedRepository; list: Fetched }> {
  const fetchAt = async (place: AskedRepository) => {
    const file = { asked: place, path: repomdPath, maxBytes: maxRepomdBytes };
    return { asked: place, list: await fetchList(file, context, io) };
  };
  const { archive } = asked;
  if (archive === undefined) return fetchAt(asked);
  try {
    return await fetchAt(asked);
  } catch (error) {
    if (!context.offline && !isAbsent((error as Error).cause)) throw error;
    return fetchAt({ ...asked, url: archive, archive: undefined });
  }
}

function absent(asked: AskedRepository, path: string, what: string, cause: unknown): MkbaseError {
  if (path === signaturePath) {
    return new MkbaseError({
      code: 'SOURCE_UNTRUSTED',
      message: `The repository ${asked.name} is not signed: ${what} is not there.`,
      hint: 'If only its packages are signed, the recipe can say so ("signed: packages"); then nothing but their own signatures counts.',
      cause,
    });
  }
  return new MkbaseError({
    code: 'SOURCE_UNREACHABLE',
    message: `There is no repository ${asked.name} at ${withoutCredentials(asked.url)}: ${what} is not there.`,
    hint: 'Check the release and the mirror (--mirror): a release that has ended moves to an archive.',
    cause,
  });
}

/** Requires that a list is the one that a metalink names. Throws SOURCE_UNTRUSTED. */
async function checkMetalink(
  bytes: Buffer,
  what: string,
  { metalink = '' }: AskedRepository,
  { store }: RpmContext,
  io: Io,
): Promise<void> {
  const name = withoutCredentials(metalink);
  const text = await store.fetchBytes(metalink, { maxBytes: maxMetalinkBytes }, io);
  const { checksum } = await readMetalink(text, name);
  const { createHash } = await import('node:crypto');
  const found = createHash(checksum.algorithm).update(bytes).digest('hex');
  if (found === checksum.digest) return;
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${what} is not the list that ${name} names.\n  expected ${checksum.algorithm} ${checksum.digest}\n  found    ${checksum.algorithm} ${found}`,
    hint: 'The mirror may be in the middle of an update: try again later, or use another one with --mirror.',
  });
}

/**
 * Refuses a list from the future: remembered, it would have every true list taken for an older one. Throws
 * SOURCE_UNTRUSTED.
 */
function checkDate(date: number, what: string, now: Date): void {
  if (date <= now.getTime() / 1000 + clockSkewSeconds) return;
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${what} is dated ${new Date(date * 1000).toISOString()}, which is in the future.`,
    hint: `This machine's clock says ${now.toISOString()}; if that is wrong, set it, and else use another mirror (--mirror).`,
  });
}

interface Keep {
  readonly fetched: Fetched;
  readonly date: number;
}

/** Keeps a file that was believed for offline runs, and to notice an older one. */
async function keep({ fetched, date }: Keep, store: Store): Promise<string> {
  const { bytes, what, state, seen } = fetched;
  const sha256 = sha256OfBytes(bytes);
  refuseOlderIndex(seen, date, what, state);
  await store.write(whole(bytes), sha256);
  await rememberIndex(state, { place: what, date, sha256 });
  return sha256;
}

/**
 * Fetches a repository's list and authenticates it before anything in it is parsed: by its signature, or by
 * a metalink over https, or, where the recipe says that only packages are signed, not at all. Refuses with
 * SOURCE_UNTRUSTED what no believed key has signed, what another list was signed as, and what is older
 * than what the same mirror served before. Errors: SOURCE_UNREACHABLE, SOURCE_CORRUPT, OFFLINE.
 */
export async function signedRepository(
  wanted: AskedRepository,
  context: RpmContext,
  io: Io,
): Promise<SignedRepository> {
  const { store, now } = context;
  const { asked, list } = await findList(wanted, context, io);
  const { bytes, what } = list;
  let signature: Fetched | undefined;
  let signedBy: readonly string[] = [];
  if (asked.signed === 'repomd') {
    const file = { asked, path: signaturePath, maxBytes: maxSignatureBytes };
    signature = await fetchList(file, context, io);
    const check = { keys: asked.keys, what, now, strongKeys: true };
    signedBy = await verifyDetached(whole(bytes), signature.bytes, check);
  }
  const asksMetalink = asked.metalink !== undefined && !context.offline;
  if (asksMetalink) await checkMetalink(bytes, what, asked, context, io);
  const repomd = await readRepomd(bytes, what);
  const { date } = repomd;
  checkDate(date, what, now);
  const sha256 = await keep({ fetched: list, date }, store);
  const signed = signature && {
    signature: { sha256: await keep({ fetched: signature, date }, store), signedBy },
  };
  const { name } = asked;
  const url = withoutCredentials(asked.url);
  const locked = {
    ...{ name, url, signed: asked.signed, date, sha256, ...signed },
    ...(asksMetalink && { metalink: true as const }),
  };
  return { asked, locked, repomd };
}

/**
 * Refuses two repositories with the very same list: a mirror can serve one where the other is asked for, and a
 * signature does not tell them apart. Throws SOURCE_UNTRUSTED.
 */
export function refuseSameLists(repositories: readonly SignedRepository[]): void {
  const seen = new Map<string, SignedRepository>();
  for (const each of repositories) {
    const { name, sha256, url } = each.locked;
    const other = seen.get(sha256)?.locked;
    seen.set(sha256, each);
    if (other === undefined) continue;
    throw new MkbaseError({
      code: 'SOURCE_UNTRUSTED',
      message: `The repositories ${other.name} and ${name} have the very same list: one is served in the place of the other.\n  ${other.name}  ${other.url}\n  ${name}  ${url}\n  repomd.xml  sha256 ${sha256}`,
      hint: 'Use another mirror (--mirror). Where the recipe itself names one repository twice, leave one out.',
      about: [name],
    });
  }
}
