import type { Event } from '../base/events.ts';
import type { ToolchainRef } from './step.ts';

/** The part in which something is not the builder that it is called. */
export interface ToolchainDifference {
  readonly in: string;
  readonly expected: string;
  readonly found: string;
}

/** Makes the warning that `place` holds something else than the builder that mkbase made. */
export const foreignToolchain = (
  place: string,
  { name }: ToolchainRef,
  { in: part, expected, found }: ToolchainDifference,
): Event => ({
  type: 'warning',
  stage: 'toolchain',
  warning: {
    code: 'builder-foreign',
    message: `${place} is not the builder ${name} as mkbase makes it: expected ${part} ${expected}, found ${found}.`,
    advice: 'It is not used, and the builder is made anew. See who else can write there.',
  },
});
