import type { Repository } from './remote-reference.ts';

/** Returns the scope of reading from a repository (distribution, "Token Scope Documentation"). */
export const pullScope = ({ path }: Pick<Repository, 'path'>): string => `repository:${path}:pull`;

/** Returns the scope of writing to a repository. */
export const pushScope = ({ path }: Pick<Repository, 'path'>): string =>
  `repository:${path}:pull,push`;
