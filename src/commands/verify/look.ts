import type { Io } from '../../base/events.ts';
import type { EngineName } from '../../engines/engine.ts';
import { namesRegistry } from '../../registry/remote-reference.ts';
import type { VerificationKey } from '../../sign/keys/verification-key.ts';
import type { VerifyRequest } from '../../verify/verify.ts';

/** A thing that a word of the command line names, ready to be read. */
export interface Subject extends VerifyRequest {
  /** Attaches what lies in the folder of evidence now to the image; for one in a registry. */
  readonly attach?: (io: Io) => Promise<void>;
  /** Removes what was made to read it. */
  dispose(): Promise<void>;
}

/** Options for looking a subject up. */
export interface LookOptions {
  /** The folder of evidence, where it is not the one beside the subject. */
  readonly evidence?: string;
  /** With `auto`, a name that begins with a registry's host is looked for in that registry. */
  readonly engine: EngineName | 'auto';
  /** No connection may be opened. */
  readonly offline?: boolean;
  /** Registries that may be asked over plain http. */
  readonly insecureRegistry?: readonly string[];
  /** Public keys, by one of which attached evidence should be signed. */
  readonly keys?: readonly VerificationKey[];
}

/** Tells whether a word that names nothing on this machine is looked for in a registry. */
export const isInRegistry = (word: string, { engine }: Pick<LookOptions, 'engine'>): boolean =>
  engine === 'auto' && namesRegistry(word);
