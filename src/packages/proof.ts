import { MkbaseError } from '../base/errors.ts';

/**
 * The reason why an input is believed, as it was seen in this run: listed in a signed index, signed
 * itself, stated by the recipe, let pass by `--allow unsigned-archive`, or of a lock that a key vouches
 * for which the user named.
 */
export type Ground = 'index' | 'signature' | 'recipe' | 'unsigned-archive' | 'lock-key';

/**
 * A signed file whose signature held. Nothing but `signedFile` makes one, and a test lists the checks
 * that may call it: a field of a lock, a bundle or a statement is a claim, and never of this type.
 */
export class SignedFile {
  protected readonly seal = 'signed file';
  readonly sha256: string;
  /** Fingerprints of the keys whose signatures held; file names of apk's keys. */
  readonly signedBy: readonly string[];
  /** `lock-key` where the word of the key over the lock stands in for the signature. */
  readonly by: 'signature' | 'lock-key';
  /** True where no key that ships with mkbase is among them: all are the recipe's own. */
  readonly foreign: boolean;

  private constructor(file: Pick<SignedFile, 'sha256' | 'signedBy' | 'by' | 'foreign'>) {
    this.sha256 = file.sha256;
    this.signedBy = file.signedBy;
    this.by = file.by;
    this.foreign = file.foreign;
  }

  static seen(sha256: string, signedBy: readonly string[], foreign: boolean): SignedFile {
    return new SignedFile({ sha256, signedBy, by: 'signature', foreign });
  }

  static vouched(sha256: string, signedBy: readonly string[]): SignedFile {
    return new SignedFile({ sha256, signedBy, by: 'lock-key', foreign: false });
  }
}

/** An input whose ground was seen in this run; made in the same way. */
export class ProvenInput {
  protected readonly seal = 'proven input';
  readonly sha256: string;
  readonly ground: Ground;

  private constructor(sha256: string, ground: Ground) {
    this.sha256 = sha256;
    this.ground = ground;
  }

  static seen(sha256: string, ground: Ground): ProvenInput {
    return new ProvenInput(sha256, ground);
  }
}

/** An input for which nothing that was seen speaks. */
export interface Unproven {
  readonly sha256: string;
  /** For people; without a full stop. */
  readonly reason: string;
}

/** A contradiction between a lock and bytes that a key has signed, or a signature that does not hold. */
export interface Refusal {
  /** The signed file that is at fault, or that says otherwise than the lock. */
  readonly sha256: string;
  readonly error: MkbaseError;
}

/** The proof of a set of inputs: of every input either that it is proven or why it is not. */
export interface SetProof {
  readonly signed: readonly SignedFile[];
  readonly inputs: readonly (ProvenInput | Unproven)[];
  readonly refusals: readonly Refusal[];
}

export const isProven = (input: ProvenInput | Unproven): input is ProvenInput =>
  input instanceof ProvenInput;

export const joinProofs = (parts: readonly SetProof[]): SetProof => ({
  signed: parts.flatMap(({ signed }) => signed),
  inputs: parts.flatMap(({ inputs }) => inputs),
  refusals: parts.flatMap(({ refusals }) => refusals),
});

/** The proof of a set without inputs. */
export const nothingToProve: SetProof = joinProofs([]);

type Hashed = readonly { readonly sha256: string }[];

/** Returns the proof of inputs of which nothing is known, for one reason. */
export const unproven = (inputs: Hashed, reason: string): SetProof => ({
  ...nothingToProve,
  inputs: inputs.map(({ sha256 }) => ({ sha256, reason })),
});

/** Returns the proof of inputs whose lock contradicts the recipe; `sha256`: that of the first signed file, if any. */
export const contradicted = (inputs: Hashed, error: LockContradicted, sha256 = ''): SetProof => ({
  ...unproven(inputs, 'its lock is of another recipe'),
  refusals: [{ sha256, error }],
});

/** Codes of errors that only say that bytes are not to be had, which proves nothing either way. */
const notToBeHad = new Set(['OFFLINE', 'SOURCE_UNREACHABLE']);

/** Codes of errors that say that bytes which are there are not what they should be. */
const untrusted = new Set([
  'SOURCE_UNTRUSTED',
  'SOURCE_CORRUPT',
  'ARCHIVE_REFUSED',
  'PACKAGE_NOT_FOUND',
]);

/**
 * Runs a check of inputs that hang on a signed file. Bytes that cannot be had leave them unproven; an
 * error about bytes that are there becomes a refusal. Other errors are thrown.
 */
export async function attempt(
  { sha256, name }: { readonly sha256: string; readonly name: string },
  inputs: Hashed,
  check: () => Promise<SetProof>,
): Promise<SetProof> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    const [line = ''] = error.message.split('\n');
    if (notToBeHad.has(error.code)) {
      return unproven(inputs, `${name} cannot be had: ${line.replace(/[.:]$/, '')}`);
    }
    if (!untrusted.has(error.code)) throw error;
    const reason = `${name} does not speak for it`;
    return { ...unproven(inputs, reason), refusals: [{ sha256, error }] };
  }
}

/** The error of a lock that says otherwise than the bytes that a key has signed, or than a recipe. */
export class LockContradicted extends MkbaseError {
  constructor(message: string) {
    super({
      code: 'SOURCE_UNTRUSTED',
      message,
      hint: 'Do not build from it: take the lock back from version control, or pin anew with `mkbase update`.',
    });
  }
}

/** Returns the error of a field of a lock of which signed bytes, or a recipe, say something else. */
export const disagrees = (
  field: string,
  claimed: unknown,
  found: unknown,
  by = 'the signed index',
): LockContradicted =>
  new LockContradicted(
    `The lock says ${field} is ${String(claimed)}; ${by} says ${String(found)}.`,
  );

/**
 * Requires that a file is signed by each key that a lock names; a newer mkbase may know more of the keys
 * that signed it. Throws SOURCE_UNTRUSTED.
 */
export function requireSigners(
  what: string,
  claimed: readonly string[],
  found: readonly string[],
): void {
  if (claimed.length > 0 && claimed.every((key) => found.includes(key))) return;
  throw disagrees(`who signed ${what}`, claimed.join(', '), found.join(', '));
}

/** Compares fields of a lock with what signed bytes say. Throws SOURCE_UNTRUSTED naming the first that differs. */
export function requireSame<T extends object>(what: string, claimed: T, found: T): void {
  // The digest tells more than the size or the version of other bytes.
  const names = Object.keys(found).sort((a, b) => Number(b === 'sha256') - Number(a === 'sha256'));
  for (const name of names as (keyof T & string)[]) {
    const [a, b] = [claimed[name], found[name]];
    if (String(a) !== String(b)) throw disagrees(`the ${name} of ${what}`, a, b);
  }
}
