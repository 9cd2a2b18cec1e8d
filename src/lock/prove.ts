import type { Io } from '../base/events.ts';
import type { Wanted } from '../kinds/contract.ts';
import { kindOf } from '../kinds/kinds.ts';
import {
  isProven,
  joinProofs,
  nothingToProve,
  ProvenInput,
  type Refusal,
  type SetProof,
  SignedFile,
} from '../packages/proof.ts';
import type { RunSources } from '../packages/sources.ts';
import { type From, sourceOf } from '../recipe/kind.ts';
import { inputSets } from './inputs.ts';
import type { Lock } from './schema.ts';

/** The inputs of a lock, its builder's included, as far as this run has seen them proven. */
export interface LockProof extends SetProof {
  /** The signature over the lock that stands in for what was not seen. */
  readonly vouched?: VouchedBy;
}

/** A signature over a lock, by a key that the user named. */
export interface VouchedBy {
  /** Base64 of the sha256 of the key's SubjectPublicKeyInfo. */
  readonly key: string;
  /** Text of the bundle. */
  readonly text: string;
}

/** A recipe and its builder as they ask for their inputs. */
export interface Asked {
  readonly image: Wanted;
  /** Left out for a recipe that needs none. */
  readonly builder?: Wanted | undefined;
  /** Left out where no layer was compressed in a builder. */
  readonly compressor?: Wanted | undefined;
  /** The digests of the files that the recipe fetches by URL. */
  readonly files: readonly { readonly sha256: string }[];
}

/** The sources of the image's inputs, and of its builder's. */
interface SourcesOfSets {
  readonly image: RunSources;
  readonly builder: RunSources;
  /** The builder's own when left out. */
  readonly compressor?: RunSources;
}

async function provePart(
  from: From,
  wanted: Wanted,
  sources: RunSources,
  io: Io,
): Promise<SetProof> {
  const { prove } = await kindOf(from).load();
  return prove(wanted, sourceOf(from), sources, io);
}

/** Proves the files of a lock by the digests that the recipe itself states. */
function proveFiles({ files = [] }: Lock, asked: Asked): SetProof {
  const stated = new Set(asked.files.map(({ sha256 }) => sha256));
  const inputs = files.map(({ sha256 }) =>
    stated.has(sha256)
      ? ProvenInput.seen(sha256, 'recipe')
      : { sha256, reason: 'the recipe names no such file' },
  );
  return { ...nothingToProve, inputs };
}

/**
 * Proves every input of a lock by what the recipe and its builder ask for. Nothing that the lock says of
 * keys and signatures is believed. Errors: IO, NO_SPACE, INTERRUPTED, and those of key files.
 */
export async function proveLock(
  lock: Lock,
  asked: Asked,
  sources: SourcesOfSets,
  io: Io,
): Promise<LockProof> {
  const image = await provePart(lock.from, asked.image, sources.image, io);
  const { toolchain } = lock;
  const builder =
    toolchain && asked.builder
      ? await provePart(toolchain.from, asked.builder, sources.builder, io)
      : nothingToProve;
  const compressor =
    lock.compressor && asked.compressor
      ? await provePart(
          lock.compressor.from,
          asked.compressor,
          sources.compressor ?? sources.builder,
          io,
        )
      : nothingToProve;
  return joinProofs([image, proveFiles(lock, asked), builder, compressor]);
}

/** Returns the proof of a lock that this user's own state remembers to have been proven, to the byte. */
export const rememberedProof = (lock: Lock): LockProof =>
  joinProofs(
    inputSets(lock).map(({ inputs, indexes }) => ({
      signed: indexes.map(({ sha256, signedBy }) => SignedFile.seen(sha256, signedBy, false)),
      inputs: inputs.map(({ sha256, trust }) => ProvenInput.seen(sha256, trust.by)),
      refusals: [],
    })),
  );

/** An input that a lock names and nothing proves. */
export interface Doubt {
  /** `image`, or the builder's name. */
  readonly set: string;
  readonly name: string;
  readonly reason: string;
}

/** Lists the inputs of a lock that are not proven, each with the reason. */
export function doubtsIn(lock: Lock, proof: LockProof): Doubt[] {
  const proven = new Set(proof.inputs.filter(isProven).map(({ sha256 }) => sha256));
  const reasons = new Map(
    proof.inputs.flatMap((each) => (isProven(each) ? [] : [[each.sha256, each.reason] as const])),
  );
  return inputSets(lock).flatMap(({ name: set, inputs }) =>
    inputs
      .filter(({ sha256 }) => !proven.has(sha256))
      .map(({ name, sha256 }) => ({
        set,
        name,
        reason: reasons.get(sha256) ?? 'nothing was seen',
      })),
  );
}

/**
 * Tells whether every signed index of a lock was seen, those that nothing hangs on among them: evidence
 * carries them all.
 */
export function sawEachIndex(lock: Lock, { signed }: LockProof): boolean {
  const seen = new Set(signed.map(({ sha256 }) => sha256));
  return inputSets(lock).every(({ indexes }) => indexes.every(({ sha256 }) => seen.has(sha256)));
}

/** Throws the first contradiction between a lock and what keys have signed. */
export function requireNoRefusal({ refusals }: { readonly refusals: readonly Refusal[] }): void {
  const [first] = refusals;
  if (first !== undefined) throw first.error;
}
