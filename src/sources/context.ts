import type { AlpineContext } from './alpine/context.ts';
import type { DebianContext } from './debian/context.ts';
import type { NamedMirrors } from './debian/ubuntu-mirrors.ts';

/** Where this run takes bytes from, and what it believes. */
export interface SourceContext {
  readonly debian: DebianContext;
  readonly alpine: AlpineContext;
  /** What was named for this run by flag or environment, and so comes before what a recipe names. */
  readonly named: { readonly debian: boolean; readonly ubuntu: NamedMirrors };
}
