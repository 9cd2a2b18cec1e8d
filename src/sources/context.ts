import type { AlpineContext } from './alpine/context.ts';
import type { DebianContext } from './debian/context.ts';

/** Where this run takes bytes from, and what it believes. */
export interface SourceContext {
  readonly debian: DebianContext;
  readonly alpine: AlpineContext;
}
