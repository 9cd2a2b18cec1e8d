import { debootstrap } from './debootstrap.ts';
import { debs } from './debs.ts';
import type { StarterKind } from './kinds.ts';
import { minirootfs } from './minirootfs.ts';
import { staticProgram } from './static.ts';

/** What `mkbase init` writes for a kind: the recipe below its head, and the files that it names. */
export interface Starter {
  readonly description: string;
  readonly recipe: string;
  /** Name beside the recipe → contents. */
  readonly files: Readonly<Record<string, string>>;
}

/** The kinds that `mkbase init` knows, and what it starts each with. */
export const starters = {
  static: staticProgram,
  debs,
  minirootfs,
  debootstrap,
} as const satisfies Record<StarterKind, (name: string) => Starter>;
