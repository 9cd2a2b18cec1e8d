import { distributions } from '../../packages/deb/archive/distribution.ts';
import type { DebootstrapSource } from './schema.ts';

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
