import type { RuleName } from './schema.ts';

/** What a rule has to say against an image, before the policy's own words are added. */
export interface Violation {
  /** What it is about: a path in the image with a leading slash, a component, an input; the image when left out. */
  readonly subject?: string;
  /** What kind of thing `subject` is. */
  readonly kind: 'path' | 'component' | 'input' | 'image';
  /** One sentence. */
  readonly message: string;
  /** One sentence that says what to do. */
  readonly remedy: string;
}

/** A violation under a policy. */
export interface Finding extends Violation {
  readonly rule: RuleName;
  readonly level: 'error' | 'warning';
  /** Why the policy asks for it. */
  readonly reason?: string;
}
