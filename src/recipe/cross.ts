import { MkbaseError } from '../base/errors.ts';
import {
  type HostPlatformName,
  type Platform,
  type PlatformName,
  platforms,
} from '../base/platform.ts';
import type { ToolchainSettings } from './schema/schema.ts';

/** A target of a compiler, and the platform that the compiler itself runs on. */
export interface CrossTarget {
  readonly target: PlatformName;
  readonly runsOn: HostPlatformName;
}

/** Names of a platform by the words between at signs that stand for them in a toolchain's file. */
const wordsOf = ({ name, gnu, debian, multiarch }: Platform): Readonly<Record<string, string>> => ({
  platform: name,
  gnu,
  // Names of packages have no underscore (Debian Policy 5.6.1).
  package: gnu.replaceAll('_', '-'),
  debian,
  multiarch,
  musl: multiarch.replace('-gnu', '-musl'),
});

/** Writes a platform's names into the text of a toolchain: `gcc-@package@` becomes `gcc-aarch64-linux-gnu`. */
export function namedFor(text: string, target: PlatformName): string {
  const words = wordsOf(platforms[target]);
  return text.replace(/@([a-z]+)@/g, (whole, word: string) =>
    Object.hasOwn(words, word) ? (words[word] ?? whole) : whole,
  );
}

/** Returns how a compiler is called for a target. */
export function compilerFor(
  settings: ToolchainSettings | undefined,
  { target }: CrossTarget,
): ToolchainSettings | undefined {
  const flags = settings?.platformFlags?.[target];
  if (settings === undefined || flags === undefined) return settings;
  const { cc, cxx } = settings;
  return { ...settings, cc: [...cc, ...flags], cxx: [...cxx, ...flags] };
}

/** A toolchain's word on the platforms that it has nothing for: platform to reason. */
type Lacking = Readonly<Partial<Record<PlatformName, string>>>;

/** Throws USAGE for a target that a toolchain says it cannot compile for. */
export function requireTarget(name: string, lacking: Lacking, { target }: CrossTarget): void {
  const reason = lacking[target];
  if (reason === undefined) return;
  throw new MkbaseError({
    code: 'USAGE',
    message: `The toolchain ${name} does not compile for ${target}: ${reason}.`,
    hint: 'Choose another toolchain, or another --platform; docs/platforms.md says which compile for which.',
    about: [name],
  });
}
