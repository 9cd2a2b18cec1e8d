import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { mapConcurrent } from '../../../base/map-concurrent.ts';
import { below } from '../../mirror-url.ts';
import { evrText } from '../evr.ts';
import type { LockedRpm } from '../locked-rpms.ts';
import type { ListedRpm } from '../repository/primary.ts';
import type { RpmContext } from './asked-repository.ts';
import type { SignedRepository } from './signed-repository.ts';
import { type VerifiedRpm, verifyStored } from './verify-listed.ts';

/** A package that was chosen, and the repository that lists it. */
export interface ChosenRpm {
  readonly listed: ListedRpm;
  readonly repository: SignedRepository;
}

/** Packages are verified one after the other on two threads' worth of reading. */
const concurrency = 4;

const fileOf = ({ href }: ListedRpm): string => href.slice(href.lastIndexOf('/') + 1);

/** Refuses a package that is another one than its list says. */
function checkListed(what: string, { stated: found, built }: VerifiedRpm, listed: ListedRpm): void {
  const shown = (name: string, version: string, arch: string, time: number) =>
    `${name} ${version} (${arch}), built at ${time}`;
  const expected = shown(listed.name, evrText(listed), listed.arch, listed.built);
  const stated = shown(found.name, found.version, found.architecture, built);
  if (stated === expected) return;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${what} is another package than its repository lists.\n  expected ${expected}\n  found    ${stated}`,
    hint: 'Its signature holds, so the repository has mixed something up: use another mirror (--mirror), or report it.',
  });
}

async function pin(chosen: ChosenRpm, context: RpmContext, io: Io): Promise<LockedRpm> {
  const { listed, repository } = chosen;
  const { asked } = repository;
  const { digest: sha256 } = listed.checksum;
  const what = `${fileOf(listed)} of ${asked.name}`;
  const verified = await verifyStored({ sha256, what }, asked, context, undefined, io);
  checkListed(what, verified, listed);
  const { href, size } = listed;
  return { ...verified.stated, repository: asked.name, href, size, sha256 };
}

/**
 * Brings chosen packages into the store, each by the hash that its repository lists, verifies the signature
 * of each, and pins them. Emits `progress` of stage `lock`. Errors: SOURCE_UNREACHABLE, SOURCE_UNTRUSTED,
 * SOURCE_CORRUPT, ARCHIVE_REFUSED, OFFLINE, NO_SPACE, IO.
 */
export async function fetchRpms(
  chosen: readonly ChosenRpm[],
  context: RpmContext,
  io: Io,
): Promise<LockedRpm[]> {
  const { store, offline } = context;
  const downloads = chosen.map(({ listed, repository }) => ({
    urls: [below(repository.asked.url, listed.href)],
    sha256: sha256Of(listed, repository),
    size: sizeOf(listed, repository),
  }));
  await store.fetch(downloads, { offline }, io);
  const total = chosen.reduce((sum, { listed }) => sum + listed.size, 0);
  let done = 0;
  const one = async (each: ChosenRpm, group: Io): Promise<LockedRpm> => {
    const locked = await pin(each, context, group);
    done += locked.size;
    io.emit({ type: 'progress', stage: 'lock', done, total, item: locked.name });
    return locked;
  };
  return mapConcurrent(chosen, concurrency, one, io);
}

/** Ten times the largest package of Fedora, in bytes: a list that nobody signs may state any size. */
const maxPackageBytes = 16 * 1024 ** 3;

function sizeOf({ name, size }: ListedRpm, { asked }: SignedRepository): number {
  if (size <= maxPackageBytes) return size;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${name} is listed in ${asked.name} with ${size} bytes; at most ${maxPackageBytes} are fetched.`,
    hint: 'No package is that large: use another mirror (--mirror), or report it.',
  });
}

function sha256Of({ name, checksum }: ListedRpm, { asked }: SignedRepository): string {
  if (checksum.algorithm === 'sha256') return checksum.digest;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${name} is listed in ${asked.name} with a ${checksum.algorithm}; sha256 is taken.`,
    hint: 'Make the lists of the repository with `createrepo_c --checksum sha256`.',
  });
}
