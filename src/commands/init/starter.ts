import { debootstrap } from '../../kinds/debootstrap/starter.ts';
import { debs } from '../../kinds/debs/starter.ts';
import { minirootfs } from '../../kinds/minirootfs/starter.ts';
import { staticProgram } from '../../kinds/static/starter.ts';
import type { StarterKind } from './kinds.ts';

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
