import { trustChain } from '../../src/evidence/provenance/trust-chain.ts';
import { rememberedProof } from '../../src/lock/prove.ts';
import type { Lock } from '../../src/lock/schema.ts';

/** The chain of trust of a lock all of whose claims were proven, as this user's state remembers. */
export const provenChain = (lock: Lock) => trustChain(lock, rememberedProof(lock));
