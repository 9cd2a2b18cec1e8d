import { inputSets } from './inputs.ts';
import type { Lock } from './schema.ts';

/** One input that two locks pin differently. */
export interface LockChange {
  /** `image`, or the builder's name. */
  readonly set: string;
  readonly name: string;
  /** Version, or the start of its hash where it has none; undefined for one that was not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

interface Pin {
  readonly set: string;
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

const short = (sha256: string): string => `sha256:${sha256.slice(0, 12)}`;

function pinsOf(lock: Lock | undefined): Map<string, Pin> {
  const pins = (lock === undefined ? [] : inputSets(lock)).flatMap(({ name: set, inputs }) =>
    inputs
      .filter(({ role }) => role !== 'package-tool')
      .map(({ name, version, sha256, comparedAs }) => ({
        set,
        sha256,
        ...(comparedAs ?? { name, version: version ?? short(sha256) }),
      })),
  );
  return new Map(pins.map((pin) => [`${pin.set} ${pin.name}`, pin]));
}

/** What a newer lock pins otherwise than an older one, by set and name. */
export function lockChanges(before: Lock | undefined, after: Lock): LockChange[] {
  const [old, now] = [pinsOf(before), pinsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const [a, b] = [old.get(key), now.get(key)];
    if (a?.sha256 === b?.sha256) return [];
    const { set, name } = (b ?? a)!;
    // The same version with other bytes is told by its hash.
    const same = a !== undefined && b !== undefined && a.version === b.version;
    const shown = (pin: Pin | undefined) => pin && (same ? short(pin.sha256) : pin.version);
    return [{ set, name, before: shown(a), after: shown(b) }];
  });
}
