import type { core } from 'zod';

/**
 * When to check how fields go together: also beside other mistakes, so that all are reported at once,
 * but not where a field is unknown, since the unknown one may be the one that is missed.
 */
export const besideOtherMistakes = {
  when: ({ value, issues }: core.ParsePayload): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !issues.some(({ code, path = [] }) => code === 'unrecognized_keys' && path.length === 0),
};
