/** Something that reads bytes which an attacker may choose. */
export interface Reader {
  readonly name: string;
  /** Decides how inputs are changed: by bytes, by lines and words, or by the fields of JSON. */
  readonly form: 'bytes' | 'text' | 'json';
  /** Makes the inputs that the others grow from; the same on every run as far as keys allow. */
  seeds(): Promise<readonly Uint8Array[]>;
  /**
   * Reads an input; resolves to what it means, or to undefined where a reader says by its result that it
   * refuses it. Throws what the reader throws, and Finding where a promise of the reader is broken.
   */
  read(input: Buffer): Promise<unknown>;
  /** Tells whether an error is one that the reader documents besides MkbaseError. */
  readonly refuses?: (error: unknown) => boolean;
  /** Words of the format, put in at random places. */
  readonly words?: readonly string[];
  /** Makes checksums of an input right again, so that more than the check of them is reached. */
  readonly repair?: (input: Buffer) => Buffer | Promise<Buffer>;
  /** Holds accepted inputs against other programs; resolves to the difference of each that has one. */
  readonly compare?: (accepted: readonly Accepted[]) => Promise<(string | undefined)[]>;
  /** Ends what `compare` has started. */
  readonly close?: () => void;
}

/** An input that was accepted, and what it means. */
export interface Accepted {
  readonly input: Buffer;
  readonly meaning: unknown;
}

/** A broken promise of a reader: it takes an input for something that it is not. */
export class Finding extends Error {}

/** Throws a Finding unless two values are the same in JSON; `promise` says what was promised. */
export function same(promise: string, one: unknown, other: unknown): void {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  if (a !== b) throw new Finding(`${promise}:\n  ${a}\n  ${b}`);
}

/** Tells a SyntaxError, which some parsers document. */
export const isSyntaxError = (error: unknown): boolean => error instanceof SyntaxError;
