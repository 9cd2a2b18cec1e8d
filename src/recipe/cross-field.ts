import type { core } from 'zod';

/**
 * Lets a check of several fields run beside other mistakes too, so that all are reported at once, but
 * not where a field is unknown: the unknown one may be a misspelling of the missing one.
 */
export const besideOtherMistakes = {
  when: ({ value, issues }: core.ParsePayload): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !issues.some(({ code, path = [] }) => code === 'unrecognized_keys' && path.length === 0),
};
