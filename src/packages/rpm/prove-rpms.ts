import type { Io } from '../../base/events.ts';
import { mapConcurrent } from '../../base/map-concurrent.ts';
import { pastCheck } from '../keyrings/judge-key.ts';
import { fetchPinned } from '../pinned-bytes.ts';
import {
  attempt,
  contradicted,
  disagrees,
  joinProofs,
  type LockContradicted,
  ProvenInput,
  requireSame,
  requireSigners,
  type SetProof,
} from '../proof.ts';
import type { AskedRepository, RpmContext } from './fetch/asked-repository.ts';
import { verifyStored } from './fetch/verify-listed.ts';
import { type LockedRpm, type LockedRpms, repositoryOf } from './locked-rpms.ts';
import { checkListed, type Pair, pinnedList } from './pinned-list.ts';
import type { Repomd } from './repository/repomd.ts';
import { rpmDownloads } from './rpm-downloads.ts';
import { repomdName } from './rpm-inputs.ts';

const concurrency = 4;

async function proveOne(
  each: LockedRpm,
  { asked, locked }: Pair,
  context: RpmContext,
  io: Io,
): Promise<ProvenInput> {
  const { name, version, sha256 } = each;
  const what = `${name} ${version} of ${locked.name}`;
  const { stated: whole } = await verifyStored(
    { sha256, what },
    asked,
    context,
    pastCheck(context, io),
    io,
  );
  const { source, signedBy, ...stated } = whole;
  requireSame(what, { ...each }, stated);
  requireSame(`the source of ${what}`, each.source, source);
  requireSigners(what, each.signedBy, signedBy);
  return ProvenInput.seen(sha256, locked.signed === 'repomd' ? 'index' : 'signature');
}

async function provePackages(
  pair: Pair,
  repomd: Repomd | undefined,
  all: LockedRpms,
  context: RpmContext,
  io: Io,
): Promise<SetProof> {
  const { packages } = all;
  if (repomd !== undefined) await checkListed(pair, repomd, packages, context, io);
  const asked = new Map([[pair.asked.name, pair.asked]]);
  await fetchPinned(rpmDownloads(all, asked), context, io);
  const prove = (each: LockedRpm, group: Io) => proveOne(each, pair, context, group);
  return {
    signed: [],
    inputs: await mapConcurrent(packages, concurrency, prove, io),
    refusals: [],
  };
}

/** A request of a recipe: the architecture in rpm's words, the distribution if it names one, its repositories. */
export interface AskedRpms extends Pick<LockedRpms, 'arch' | 'distro'> {
  readonly repositories: readonly AskedRepository[];
}

/** Returns the error of a lock for another architecture or distribution than the recipe's; undefined for none. */
function otherPlace(locked: LockedRpms, asked: AskedRpms): LockContradicted | undefined {
  if (locked.arch !== asked.arch) {
    return disagrees('the architecture', locked.arch, asked.arch, 'the recipe');
  }
  const shown = ({ distro }: Pick<LockedRpms, 'distro'>) =>
    distro === undefined ? 'none' : `${distro.id} (${distro.release})`;
  if (shown(locked) === shown(asked)) return undefined;
  return disagrees('the distribution', shown(locked), shown(asked), 'the recipe');
}

/**
 * Follows the signatures of locked packages: of the lists that are signed, of what these list, and of every
 * package itself, by the keys that the recipe believes for its repository. Errors: IO, NO_SPACE, INTERRUPTED.
 */
export async function proveRpms(
  locked: LockedRpms,
  asked: AskedRpms,
  context: RpmContext,
  io: Io,
): Promise<SetProof> {
  const { repositories } = asked;
  const error = otherPlace(locked, asked);
  if (error !== undefined) {
    return contradicted(locked.packages, error, locked.repositories[0]?.sha256);
  }
  const proofs: SetProof[] = [];
  for (const each of locked.repositories) {
    const packages = locked.packages.filter(
      (one) => repositoryOf(one, locked.repositories) === each,
    );
    const { name, sha256 } = each;
    const file = { sha256, name: repomdName(each) };
    const proof = await attempt(file, packages, async () => {
      const own = repositories.find((one) => one.name === name);
      if (own === undefined) {
        const names = repositories.map((one) => one.name).join(', ');
        throw disagrees('the repository', name, names, 'the recipe');
      }
      const pair = { locked: each, asked: own };
      const { repomd, signed } = await pinnedList(pair, context, io);
      const of = { sha256, name: `packages of ${name}` };
      const inputs = await attempt(of, packages, () =>
        provePackages(pair, repomd, { ...locked, packages }, context, io),
      );
      return joinProofs([{ signed, inputs: [], refusals: [] }, inputs]);
    });
    proofs.push(proof);
  }
  return joinProofs(proofs);
}
