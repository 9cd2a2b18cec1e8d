import type { Lock } from './locked.ts';

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
  if (lock === undefined) return new Map();
  const { debs, apks, archive, rootfs, files = [], toolchain } = lock;
  const image = [...(debs?.packages ?? []), ...(apks?.packages ?? [])];
  const single = [
    ...(archive ? [{ ...archive, version: archive.version ?? short(archive.sha256) }] : []),
    ...(rootfs ? [{ ...rootfs, name: 'rootfs', version: rootfs.name }] : []),
    ...files.map(({ url, sha256 }) => ({ name: url, sha256, version: short(sha256) })),
  ];
  const pins = [
    ...[...image, ...single].map((pin) => ({ ...pin, set: 'image' })),
    ...(toolchain?.debs.packages ?? []).map((pin) => ({ ...pin, set: toolchain?.name ?? '' })),
  ];
  return new Map(
    pins.map(({ set, name, version, sha256 }) => [
      `${set} ${name}`,
      { set, name, version, sha256 },
    ]),
  );
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
