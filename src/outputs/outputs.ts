import { MkbaseError } from '../base/errors.ts';
import { inSentence } from '../base/format.ts';
import type { EarlierBuild, Output, OutputRequest, PlacedOutput } from './contract.ts';
import { dockerOutput } from './docker/docker-output.ts';
import { dockerfileOutput } from './dockerfile/dockerfile-output.ts';
import { importOutput } from './import/import-output.ts';
import { ociOutput } from './oci/oci-output.ts';
import { registryOutput } from './registry/registry-output.ts';
import {
  type RegistryOptions,
  type RegistryRequest,
  withOptions,
} from './registry/registry-request.ts';
import { rootfsOutput } from './rootfs/rootfs-output.ts';

/** Every output, in the order in which `--output` offers them. */
export const outputs: readonly Output[] = [
  importOutput,
  dockerOutput,
  ociOutput,
  rootfsOutput,
  registryOutput as Output,
  dockerfileOutput,
];

/** Returns the outputs that `--output` offers. */
export const offeredOutputs = (): readonly Output[] => outputs.filter(({ isOption }) => isOption);

/** Returns the forms of `--output` in one line, for the help. */
export function outputForms(): string {
  const offered = offeredOutputs();
  const keys = offered.flatMap(({ name, keys = {} }) => {
    const own = Object.keys(keys).map((key) => `${key}=`);
    return own.length === 0 ? [] : [`; ${name} takes ${inSentence(own, 'and')}, too`];
  });
  return `type=${offered.map(({ name }) => name).join('|')}[,dest=PATH]${keys.join('')}.`;
}

/** Returns the output of a request or of a result. INTERNAL when there is none of that name. */
export function outputOf({ type }: Pick<OutputRequest, 'type'>): Output {
  const found = outputs.find(({ name }) => name === type);
  if (found !== undefined) return found;
  throw new MkbaseError({ code: 'INTERNAL', message: `There is no output called ${type}.` });
}

/** Returns the output of a build that asks for none: one that suits the engine and the image's layers. */
export const defaultOutput = (hasStore: boolean, hasSeveralLayers = false): OutputRequest => {
  const stored = hasSeveralLayers ? dockerOutput : importOutput;
  return { type: (hasStore ? stored : ociOutput).name };
};

/** Returns the outputs that hold the images of several platforms. */
export const setOutputs = (): readonly Output[] =>
  offeredOutputs().filter(({ stageSet }) => stageSet !== undefined);

/** Returns the output of a build for several platforms that asks for none. */
export const defaultSetOutput = (): OutputRequest => ({ type: ociOutput.name });

/** Returns the request for a folder that `docker build` makes the image from. */
export const dockerfileRequest = (dest: string): OutputRequest => ({
  type: dockerfileOutput.name,
  dest,
});

/** Returns the request for a push to a registry under a reference. */
export const pushRequest = (ref: string): RegistryRequest => ({ type: registryOutput.name, ref });

/** Returns the request for a push, with what the options of a build say about registries. */
export const withRegistryOptions = (
  request: OutputRequest,
  options: RegistryOptions,
): OutputRequest => withOptions(request as RegistryRequest, options);

/** Returns whether every output of an earlier build is still what that build made. */
export async function areCurrent(
  placed: readonly PlacedOutput[],
  earlier: EarlierBuild,
): Promise<boolean> {
  const current = placed.map((each) => outputOf(each).isCurrent(each, earlier));
  return (await Promise.all(current)).every(Boolean);
}
