import type { RuleName } from './schema.ts';

/** A breach of a rule, before level and reason are added from the policy. */
export interface Violation {
  /** A path in the image with a leading slash, a component or an input; the image when left out. */
  readonly subject?: string;
  /** Kind of `subject`. */
  readonly kind: 'path' | 'component' | 'input' | 'image';
  /** One sentence. */
  readonly message: string;
  /** One sentence that says what to do. */
  readonly remedy: string;
}

/** A violation of a policy. */
export interface Finding extends Violation {
  readonly rule: RuleName;
  readonly level: 'error' | 'warning';
  /** The policy's reason for the rule. */
  readonly reason?: string;
}
