import { newDatabase, releaseOf } from '../../packages/rpm/distributions.ts';
import type { RpmSource } from './schema.ts';

/** Returns the folder below the root in which the packages' own rpm looks for its database. */
export function databaseOf({
  distro,
  release = '',
}: Pick<RpmSource, 'distro' | 'release'>): string {
  return (distro && releaseOf(distro, release)?.database) ?? newDatabase;
}
