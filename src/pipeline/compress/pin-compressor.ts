import { digestOf } from '../../base/canonical-json.ts';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { plural } from '../../base/format.ts';
import { hostPlatform } from '../../base/platform.ts';
import { kindOf, loadCompressBuilder } from '../../kinds/kinds.ts';
import { lockCompressor } from '../../lock/lock.ts';
import type { Lock, LockedCompressor } from '../../lock/schema.ts';
import { sourceOf } from '../../recipe/kind.ts';
import type { PinnedInputs } from '../build-tree.ts';
import { keepLock } from '../inputs/current-lock.ts';
import { type Believed, believedInputs } from '../inputs/prove-inputs.ts';
import { recallLock, rememberLock } from '../inputs/remember-lock.ts';
import type { OpenBuild } from '../open-build.ts';
import type { BuildRequest } from '../request.ts';
import { inStage } from '../stages.ts';

/** Returns a lock without a compressor that was pinned for another toolchain than the one mkbase has now. */
export async function withoutStaleCompressor(lock: Lock): Promise<Lock> {
  const { compressor, ...others } = lock;
  if (compressor === undefined) return lock;
  const { name, from } = await loadCompressBuilder();
  const isOurs = compressor.name === name && digestOf(compressor.asked) === digestOf(from);
  return isOurs ? lock : others;
}

const pinsNone = (file: string) =>
  new MkbaseError({
    code: 'LOCK_STALE',
    message: `${file} pins no compressor, which a layer of this size takes.`,
    hint: 'Build once without --frozen and --lock-key and keep the lock that it writes, or leave --compress out.',
  });

/** Pins the compressor's inputs. Errors: those of lockCompressor. */
export async function pinCompressor(
  { sources, folder }: Pick<OpenBuild, 'sources' | 'folder'>,
  io: Io,
): Promise<LockedCompressor> {
  const toolchain = await loadCompressBuilder();
  const context = { builderSources: sources.compressor, folder };
  return inStage(
    io,
    'lock',
    `Resolving builder ${toolchain.name}`,
    () => lockCompressor(toolchain, hostPlatform().name, context, io),
    ({ from }) => plural(kindOf(from).inputs(sourceOf(from)).length, 'package'),
  );
}

/** The inputs of a build that compresses a layer in a builder, and why they are believed. */
export interface WithCompressor {
  readonly pinned: PinnedInputs;
  readonly believed: Believed;
  readonly compressor: LockedCompressor;
}

/**
 * Returns the compressor that the lock pins, and pins it there where it does not yet: only large layers need it,
 * and how large they are is known once they are built. Errors: LOCK_STALE where the lock may not be written;
 * those of lockCompressor, believedInputs and keepLock.
 */
export async function ensureCompressor(
  open: OpenBuild,
  request: BuildRequest,
  { pinned, believed }: Omit<WithCompressor, 'compressor'>,
  io: Io,
): Promise<WithCompressor> {
  const { kept, lock } = pinned;
  if (kept.compressor !== undefined) return { pinned, believed, compressor: kept.compressor };
  const { lockFile } = open.plan;
  if (request.frozen || request.lockKey !== undefined) throw pinsNone(lockFile);
  const compressor = await pinCompressor(open, io);
  const wider = { kept: { ...kept, compressor }, lock: { ...lock, compressor } };
  // Pinning followed the signatures of the compressor's packages; all else is as it was.
  const memory = await recallLock(open, kept);
  if (memory === 'proven') await rememberLock(open, wider.kept, memory);
  const again = await believedInputs(open, wider.kept, request, io);
  await keepLock(open.plan, wider.kept, io);
  return { pinned: wider, believed: again, compressor };
}
