import type { Output } from '../contract.ts';

const name = 'import';

/** `docker import` into the engine's image store. */
export const importOutput: Output = {
  name,
  place: 'store',
  isOption: true,
  holdsImage: false,
  oneLayer: 'an import makes one layer of whatever it is given',
  parse: () => ({ type: name }),
  begin: async (image, target, io) =>
    (await import('./stage-import.ts')).beginImport(image, target, io),
  stage: async (image, request, target, io, begun) =>
    (await import('./stage-import.ts')).stageImport(image, request, target, io, begun),
  isCurrent: (_, earlier) => earlier.isStored(),
};
