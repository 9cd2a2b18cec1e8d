import { MkbaseError } from '../../base/errors.ts';
import type { Io, Warning } from '../../base/events.ts';
import { plural } from '../../base/format.ts';
import { platforms } from '../../base/platform.ts';
import {
  type RecipeKey,
  type TrustChain,
  trustChain,
} from '../../evidence/provenance/trust-chain.ts';
import { wantedByCompressor, wantedByToolchain, wantedOf } from '../../lock/lock.ts';
import {
  type Asked,
  type Doubt,
  doubtsIn,
  type LockProof,
  proveLock,
  rememberedProof,
  requireNoRefusal,
  sawEachIndex,
} from '../../lock/prove.ts';
import { downloadsOf } from '../../lock/request.ts';
import type { Lock } from '../../lock/schema.ts';
import { pastCodes } from '../../packages/keyrings/judge-key.ts';
import { isProven } from '../../packages/proof.ts';
import type { OpenBuild } from '../open-build.ts';
import type { BuildPlan } from '../plan.ts';
import type { BuildRequest } from '../request.ts';
import { inStage } from '../stages.ts';
import { vouchedProof } from './lock-signature.ts';
import { recipeKeys } from './recipe-keys.ts';
import { type Memory, recallLock, rememberLock } from './remember-lock.ts';

const askedBy = (
  { recipe, toolchain, platform }: BuildPlan,
  { compressor }: Pick<Lock, 'compressor'>,
): Asked => ({
  image: wantedOf(recipe, platforms[platform]),
  builder: toolchain && wantedByToolchain(toolchain, platforms[platform]),
  compressor: compressor && wantedByCompressor(compressor),
  files: downloadsOf(recipe),
});

/** Says of a lock what is not proven in it, and why. */
function described(file: string, doubts: readonly Doubt[]): string {
  const [first] = doubts;
  const { name = '', reason = '' } = first ?? {};
  const more = doubts.length > 1 ? ` and ${plural(doubts.length - 1, 'more input')}` : '';
  return `${file} is not proven: no signature was seen to stand behind ${name}${more} (${reason}).`;
}

const advice =
  'Have the bytes of the signed indexes: a mirror that still has them, the bundle that was made with the lock (--inputs), or pin anew with `mkbase update`.';

const foreignLock = (file: string, doubts: readonly Doubt[]): Warning => ({
  code: 'foreign-lock',
  message: `${described(file, doubts)} Its inputs count as unsigned.`,
  advice,
});

const refused = (file: string, doubts: readonly Doubt[]) =>
  new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: described(file, doubts),
    hint: `${advice} --allow foreign-lock lets it pass, and the evidence says so.`,
  });

/** The extent to which signatures are followed. */
interface Following {
  readonly memory: Memory | undefined;
  readonly strict: boolean;
  /** Asks no mirror: a signature over the lock stands in for what is not stored. */
  readonly isStoredOnly: boolean;
}

/**
 * Proves a lock out of the store alone, and then, where something is missing there, from mirrors. A lock
 * that could not be proven before is asked for over the network again only where it has to be proven.
 */
async function follow(
  open: OpenBuild,
  lock: Lock,
  { memory, strict, isStoredOnly }: Following,
  io: Io,
): Promise<LockProof> {
  const { image, builder, compressor } = open.sources;
  const asked = askedBy(open.plan, lock);
  // Reading from the store takes no time that a person would want to see.
  const quiet: Io = {
    ...io,
    emit: (event) => {
      if (event.type === 'log' || event.type === 'warning') io.emit(event);
    },
  };
  const stored = {
    image: { ...image, offline: true },
    builder: { ...builder, offline: true },
    compressor: { ...compressor, offline: true },
  };
  const proof = await proveLock(lock, asked, stored, quiet);
  const isWhole = doubtsIn(lock, proof).length === 0 && sawEachIndex(lock, proof);
  const isEnough = image.offline || isStoredOnly || isWhole;
  if (isEnough || proof.refusals.length > 0) return proof;
  if (memory === 'unproven' && !strict) return proof;
  return inStage(
    io,
    'lock',
    'Following the signatures over the locked inputs',
    () => proveLock(lock, asked, open.sources, io),
    ({ inputs }) => `${plural(inputs.filter(isProven).length, 'input')} proven`,
  );
}

/** Watches for warnings that hang on today's keys and clock, and lets each pass once. */
function watchKeys(io: Io): { readonly watched: Io; readonly told: ReadonlySet<string> } {
  const told = new Set<string>();
  const emit: Io['emit'] = (event) => {
    if (event.type === 'warning' && pastCodes.includes(event.warning.code)) {
      if (told.has(event.warning.message)) return;
      told.add(event.warning.message);
    }
    io.emit(event);
  };
  return { watched: { ...io, emit }, told };
}

/** A request, as far as it says how an unproven lock is taken. */
interface Strictness extends Pick<BuildRequest, 'frozen' | 'policy' | 'allow' | 'lockKey'> {
  /** Follows the signatures whatever is remembered, so that the signed indexes are in the store. */
  readonly afresh?: true;
}

/**
 * Proves the inputs of a lock, in this run or, for a lock that this user's own state remembers to the
 * byte, in an earlier one. What is not proven counts as unsigned; with --frozen and with a policy it is
 * refused, unless --allow foreign-lock is given, and a warning else. Errors: SOURCE_UNTRUSTED, also
 * where signed bytes contradict the lock; IO, NO_SPACE.
 */
export async function proveInputs(
  open: OpenBuild,
  lock: Lock,
  { frozen, policy, allow = [], lockKey, afresh }: Strictness,
  io: Io,
): Promise<LockProof> {
  const memory = afresh ? undefined : await recallLock(open, lock);
  if (memory === 'proven') return rememberedProof(lock);
  const strict = frozen === true || policy !== undefined;
  const isStoredOnly = lockKey !== undefined;
  const { watched, told } = watchKeys(io);
  const proof = await follow(open, lock, { memory, strict, isStoredOnly }, watched);
  requireNoRefusal(proof);
  const doubts = doubtsIn(lock, proof);
  // A proof with warnings is made again at each build, since keys and clock decide it.
  if (told.size === 0) await rememberLock(open, lock, doubts.length === 0 ? 'proven' : 'unproven');
  if (doubts.length === 0) return proof;
  if (lockKey !== undefined) return vouchedProof(open.plan.lockFile, lock, proof, lockKey);
  const file = open.plan.lockFile;
  if (strict && !allow.includes('foreign-lock')) throw refused(file, doubts);
  io.emit({ type: 'warning', stage: 'lock', warning: foreignLock(file, doubts) });
  return proof;
}

/** The chain of trust of a build, and the keys that its recipe brings. */
export interface Believed {
  readonly trust: TrustChain;
  readonly keys: readonly RecipeKey[];
  readonly lockBundle: string | undefined;
}

/** Proves the inputs of a lock, and returns why each is believed. Errors: as proveInputs. */
export async function believedInputs(
  open: OpenBuild,
  lock: Lock,
  request: Strictness,
  io: Io,
): Promise<Believed> {
  const proof = await proveInputs(open, lock, request, io);
  const keys = await recipeKeys(open.plan);
  return { trust: trustChain(lock, proof, keys), keys, lockBundle: proof.vouched?.text };
}
