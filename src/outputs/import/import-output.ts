import type { Output } from '../contract.ts';

const name = 'import';

/** `docker import` into the engine's image store. */
export const importOutput: Output = {
  name,
  place: 'store',
  isOption: true,
  holdsImage: false,
  parse: () => ({ type: name }),
  stage: async (image, request, target, io) =>
    (await import('./stage-import.ts')).stageImport(image, request, target, io),
  isCurrent: (_, earlier) => earlier.isStored(),
};
