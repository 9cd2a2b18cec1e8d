import type { StaticSource } from './schema.ts';

/** A program that the build must leave at `out/<number>`, and where it goes in the image. */
export interface Program {
  readonly built: string;
  /** Absolute path in the image. */
  readonly path: string;
  readonly mode: number;
}

/** The programs that a recipe takes into its image; a recipe of sources names its one after itself. */
export function programsOf(name: string, source: StaticSource): Program[] {
  return Object.entries(source.programs ?? { [name]: `/${name}` }).map(([built, target]) => {
    const { path, mode } = typeof target === 'string' ? { path: target, mode: '0755' } : target;
    return { built, path, mode: Number.parseInt(mode, 8) };
  });
}
