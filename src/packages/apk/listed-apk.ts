import { MkbaseError } from '../../base/errors.ts';
import type { ApkStanza } from './apk-index.ts';
import type { LockedApk } from './locked-apks.ts';
import type { SignedApkIndex } from './signed-index.ts';

/** A package as its index pins it: all but the hash over the whole file, which an index does not state. */
export interface ListedApk extends Omit<LockedApk, 'sha256'> {
  /** Time of its build, seconds since 1970. */
  readonly built: number;
}

/** The form of each field; name and version become parts of paths and URLs. */
const forms: Readonly<Record<string, RegExp>> = {
  P: /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
  V: /^[0-9][A-Za-z0-9._~-]*$/,
  A: /^[a-z0-9_]+$/,
  S: /^\d{1,12}$/,
  C: /^Q1[A-Za-z0-9+/]{27}=$/,
  t: /^\d{1,12}$/,
};

/** Pins a stanza of an authenticated index. Throws SOURCE_CORRUPT for missing or malformed fields. */
export function listedApk(
  stanza: ApkStanza,
  { repository, arch, locked }: SignedApkIndex,
): ListedApk {
  const field = (letter: string, otherwise?: string) => {
    const value = stanza.get(letter) ?? otherwise ?? '';
    if (forms[letter]?.test(value)) return value;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `The package index of ${repository} for ${arch} at ${locked.mirror} cannot be used: ${JSON.stringify(stanza.get('P'))} has ${letter}: ${JSON.stringify(value)}.`,
      hint: 'Its signature holds, so the repository itself is at fault; report it to whoever runs it.',
    });
  };
  const [name, version, folder] = [field('P'), field('V'), field('A')];
  return {
    name,
    version,
    arch: folder,
    origin: text(stanza.get('o'), name),
    license: text(stanza.get('L'), 'unknown'),
    repository,
    filename: `${repository}/${folder}/${name}-${version}.apk`,
    size: Number(field('S')),
    checksum: field('C'),
    built: Number(field('t', '0')),
  };
}

/** Returns the value as one line of a lock. */
function text(value: string | undefined, otherwise: string): string {
  const line = (value ?? '').replace(/\p{Cc}/gu, '').slice(0, 1000);
  return line === '' ? otherwise : line;
}
