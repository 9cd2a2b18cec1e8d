import { join } from 'node:path';
import type { Platform } from '../../base/platform.ts';
import type { DebianContext } from '../../packages/deb/archive/context.ts';
import { distributions } from '../../packages/deb/archive/distribution.ts';
import { defaultMirrors, type Mirrors } from '../../packages/deb/archive/mirrors.ts';
import { ubuntuMirrors } from '../../packages/deb/archive/ubuntu-mirrors.ts';
import { mirrorUrl } from '../../packages/mirror-url.ts';
import type { SourceContext } from '../source-context.ts';
import type { DebootstrapSource } from './schema.ts';

/**
 * Where the packages of a recipe come from and whose keys are believed. `folder` is where the
 * recipe's own paths start from. Throws USAGE for a mirror that is none.
 */
export function debootstrapContext(
  source: DebootstrapSource,
  folder: string,
  platform: Platform,
  sources: SourceContext,
): DebianContext {
  return {
    ...sources.debian,
    mirrors: mirrorsOf(source, platform, sources),
    distribution: source.distro,
    keyrings: source.keyrings.map((path) => join(folder, path)),
  };
}

/** This run's mirrors, else the recipe's, else what is known without either. */
export function mirrorsOf(
  { distro, mirror }: DebootstrapSource,
  platform: Platform,
  { debian, named }: SourceContext,
): Mirrors {
  if (distro === 'ubuntu') return ubuntuMirrors(named.ubuntu, mirror, platform);
  if (mirror === undefined || named.debian) return debian.mirrors;
  return { ...debian.mirrors, main: mirrorUrl(mirror, 'The recipe', defaultMirrors.main) };
}

/** A suite that packages are taken from, and which of the mirrors has it. */
export interface WantedSuite {
  readonly suite: string;
  readonly mirror: 'main' | 'security';
}

/** The suite, its updates and its security updates, as far as the recipe wants them and there are any. */
export function suitesOf({
  distro,
  suite,
  updates,
  security,
}: DebootstrapSource): [WantedSuite, ...WantedSuite[]] {
  const rolling = distributions[distro].rolling.includes(suite);
  return [
    { suite, mirror: 'main' },
    ...(updates && !rolling ? [{ suite: `${suite}-updates`, mirror: 'main' } as const] : []),
    ...(security && !rolling ? [{ suite: `${suite}-security`, mirror: 'security' } as const] : []),
  ];
}
