import { cacheFolder } from '../store/cache-folder.ts';

/** The surroundings in which engines are looked for. */
export interface Surroundings {
  /** Absolute path of the cache folder. */
  readonly cache: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Returns the surroundings of a command that was called with these variables. */
export const surroundingsOf = (env: Surroundings['env']): Surroundings => ({
  cache: cacheFolder(env),
  env,
});
