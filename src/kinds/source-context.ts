import type { AlpineContext } from '../packages/apk/context.ts';
import type { DebianContext } from '../packages/deb/archive/context.ts';
import type { NamedMirrors } from '../packages/deb/archive/ubuntu-mirrors.ts';

/** Where this run takes bytes from, and what it believes. */
export interface SourceContext {
  readonly debian: DebianContext;
  readonly alpine: AlpineContext;
  /** What was named for this run by flag or environment, and so comes before what a recipe names. */
  readonly named: { readonly debian: boolean; readonly ubuntu: NamedMirrors };
}
