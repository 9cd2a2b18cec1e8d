import type { Io, Warning } from '../../base/events.ts';

/**
 * Reasons for which a key is revoked. `compromised` stands for every reason under which somebody else may
 * hold the key, no reason given among them (RFC 9580 section 5.2.3.31).
 */
export const revocationReasons = ['compromised', 'superseded', 'retired'] as const;

export interface Revocation {
  readonly date: Date;
  readonly reason: (typeof revocationReasons)[number];
}

/** The times between which a key signs. */
export interface KeyLife {
  /** The key as people know it: an id, or the name of its file. */
  readonly name: string;
  /** Undefined where the format has no such date. */
  readonly created?: Date | undefined;
  readonly expires?: Date | undefined;
  readonly revoked?: Revocation | undefined;
  /** Name of the key that signs in its place, where that is known. */
  readonly replacedBy?: string | undefined;
}

/** Rules for a signature that was checked before, when its lock was made. */
export interface PastCheck {
  /** Values of `--allow`; `revoked-key` accepts a key that may be in other hands. */
  readonly allow: readonly string[];
  /** Is told of each key that signed in time and is good no more. */
  readonly warn: (warning: Warning) => void;
}

/** Codes of the warnings about signatures that count for what a lock pins, and would not for a new lock. */
export const pastCodes: readonly string[] = [
  'expired-key',
  'retired-key',
  'revoked-key',
  'clock-behind',
];

/** Returns the rules for what a lock pins, by the values of `--allow`; warnings become events. */
export const pastCheck = (
  { allow = [] }: { readonly allow?: readonly string[] },
  { emit }: Io,
): PastCheck => ({
  allow,
  warn: (warning) => emit({ type: 'warning', stage: 'lock', warning }),
});

/** The time of judgement and that of the signature. */
export interface JudgedTimes {
  readonly now: Date;
  /** The date in the signature, or a signed date of what it covers. */
  readonly signedAt: Date;
  /** Left out when something is pinned: then the key has to be good now. */
  readonly past?: PastCheck | undefined;
}

/** The outcome for a signature that holds: accepted, accepted with warnings, or refused for a reason. */
export type Judgement =
  | { readonly verdict: 'accepted' }
  | { readonly verdict: 'warned'; readonly warnings: readonly Warning[] }
  | { readonly verdict: 'refused'; readonly reason: string; readonly hint?: string };

const day = (date: Date): string => date.toISOString().slice(0, 10);

const replacement = ({ replacedBy }: KeyLife): string =>
  replacedBy === undefined ? '' : ` Today ${replacedBy} signs in its place.`;

const pinAnew = 'Pin anew with `mkbase update`';

function accepted(code: string, life: KeyLife, what: string, { signedAt }: JudgedTimes): Warning {
  return {
    code,
    message: `Key ${life.name} ${what}; it signed on ${day(signedAt)}.${replacement(life)}`,
    advice: `${pinAnew}, so that the lock hangs on a key that is good today; or go on with this lock.`,
  };
}

type Step = { readonly refused: Judgement } | { readonly warning: Warning } | undefined;

const refused = (reason: string, hint?: string): Step => ({
  refused: { verdict: 'refused', reason, ...(hint !== undefined && { hint }) },
});

/** Judges the revocation of a key. What a stolen key signs can bear any date, so no date excuses it. */
function judgeRevocation(life: KeyLife, times: JudgedTimes): Step {
  const { revoked } = life;
  const { now, signedAt, past } = times;
  if (revoked === undefined) return undefined;
  const on = `on ${day(revoked.date)}`;
  if (revoked.reason === 'compromised') {
    const what = `was revoked ${on}: somebody else may hold it`;
    if (past?.allow.includes('revoked-key')) {
      return { warning: accepted('revoked-key', life, `${what} (--allow revoked-key)`, times) };
    }
    const override = ' If you know that the lock is older than the loss, --allow revoked-key.';
    return refused(what, past && `${pinAnew}.${replacement(life)}${override}`);
  }
  const what = `was revoked ${on}: it is ${revoked.reason}`;
  if (signedAt >= revoked.date) return refused(`${what}, and signed on ${day(signedAt)}`);
  if (now < revoked.date) return undefined;
  return past ? { warning: accepted('retired-key', life, what, times) } : refused(what);
}

function judgeAge(life: KeyLife, times: JudgedTimes): Step {
  const { created, expires } = life;
  const { now, signedAt, past } = times;
  if (created !== undefined && signedAt < created) {
    return refused(`was made on ${day(created)}, after the signature of ${day(signedAt)}`);
  }
  if (expires === undefined) return undefined;
  const what = `expired on ${day(expires)}`;
  if (signedAt >= expires) return refused(`${what}, and signed on ${day(signedAt)}`);
  if (now < expires) return undefined;
  return past ? { warning: accepted('expired-key', life, what, times) } : refused(what);
}

/**
 * Judges a key whose signature holds. When something is pinned, the key must be good at `now`. For a lock
 * that was made before, a key that has expired since, or that was given up for another one, is accepted
 * with a warning; one that may be in other hands only where that is allowed.
 */
export function judgeKey(life: KeyLife, times: JudgedTimes): Judgement {
  const warnings: Warning[] = [];
  for (const step of [judgeRevocation(life, times), judgeAge(life, times)]) {
    if (step === undefined) continue;
    if ('refused' in step) return step.refused;
    warnings.push(step.warning);
  }
  return warnings.length === 0 ? { verdict: 'accepted' } : { verdict: 'warned', warnings };
}
