import type { Platform } from '../../../base/platform.ts';
import { distributions } from '../../../packages/deb/archive/distribution.ts';
import { defaultMirrors } from '../../../packages/deb/archive/mirrors.ts';
import { defaultUbuntuMirrors } from '../../../packages/deb/archive/ubuntu-mirrors.ts';
import type { Entry } from '../../../tar/entry.ts';
import { suitesOf } from '../choose/suites.ts';
import type { DebootstrapSource } from '../schema.ts';

/** The recipe's archive that an image's sources name; nothing of the machine that builds it. */
export interface SourcesInput {
  readonly source: DebootstrapSource;
  readonly platform: Platform;
  /** The distribution's own mirror, as debootstrap knows it. */
  readonly mirror: string;
}

/** Returns the distribution's mirror of security updates, which debootstrap does not know. */
function securityMirror({ source, platform }: SourcesInput): string {
  if (source.distro === 'ubuntu') return defaultUbuntuMirrors(platform).security;
  return defaultMirrors.security;
}

/** Returns the field that names the archive's key file in the rootfs; none for a distribution without one. */
function signedBy({ source }: SourcesInput, entries: readonly Entry[]): string[] {
  const there = new Set(entries.map(({ path }) => path));
  const keyring = distributions[source.distro].keyrings.find((path) => there.has(path));
  return keyring === undefined ? [] : [`Signed-By: /${keyring}`];
}

/**
 * Returns apt's sources in the deb822 form (sources.list(5)): the suite and its updates, and the security
 * updates, as far as the recipe takes packages from them, from the distribution's own mirrors.
 */
export function sourcesList(input: SourcesInput, entries: readonly Entry[]): string {
  const { source, mirror } = input;
  const wanted = suitesOf(source);
  const mirrors = { main: mirror, security: securityMirror(input) };
  const stanzas = (['main', 'security'] as const).flatMap((place) => {
    const suites = wanted.filter((each) => each.mirror === place).map(({ suite }) => suite);
    if (suites.length === 0) return [];
    const lines = [
      'Types: deb',
      `URIs: ${mirrors[place]}`,
      `Suites: ${suites.join(' ')}`,
      `Components: ${source.components.join(' ')}`,
      ...signedBy(input, entries),
    ];
    return [lines.join('\n')];
  });
  return `${stanzas.join('\n\n')}\n`;
}
