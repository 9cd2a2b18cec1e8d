import type { Output, OutputValues } from '../contract.ts';
import type { RegistryRequest } from './registry-request.ts';

const name = 'registry';

function parse(values: OutputValues): RegistryRequest {
  const ref = values.get('ref') ?? values.refuse('it names no ref, which says where it goes');
  if (ref.includes('@')) values.refuse('ref takes a tag; a digest is computed, not chosen');
  const insecure = values.get('insecure') ?? 'false';
  if (insecure !== 'true' && insecure !== 'false') values.refuse('insecure is true or false');
  return { type: name, ref, ...(insecure === 'true' && { insecure: true }) };
}

/** An image in a registry, with its evidence attached. */
export const registryOutput: Output<RegistryRequest> = {
  name,
  place: 'remote',
  isOption: true,
  holdsImage: false,
  keys: {
    ref: { values: ['HOST/NAME:TAG'], elsewhere: 'only registry has a ref' },
    insecure: { values: ['true', 'false'], elsewhere: 'only registry can be insecure' },
  },
  parse,
  stage: async (image, request, target, io) =>
    (await import('./push-image.ts')).stagePush(image, request, target, io),
  stageSet: async (set, request, target, io) =>
    (await import('./push-image.ts')).stageIndexPush(set, request, target, io),
  isCurrent: async (placed, earlier) => (await import('./push-image.ts')).isPushed(placed, earlier),
  deliver: async (delivery, io) => (await import('./push-image.ts')).publishPush(delivery, io),
  nextCommand: ({ placed: { dest } }) => `mkbase verify ${dest}`,
};
