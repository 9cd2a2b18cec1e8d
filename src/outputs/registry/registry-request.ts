import type { OutputRequest, PlacedOutput } from '../contract.ts';

/** A push that is asked for. */
export interface RegistryRequest extends OutputRequest {
  /** Names the place that it goes to, as `parseRemote` reads it: with a tag, and without a digest. */
  readonly ref: string;
  /** The registry may be asked over plain http. */
  readonly insecure?: true;
  /** Leaves the evidence out. */
  readonly bare?: true;
}

/** An image in a registry: `dest` is its reference with tag and digest. */
export interface PushedImage extends PlacedOutput {
  readonly insecure?: true;
}

/** Options of a build about registries. */
export interface RegistryOptions {
  /** False to leave the evidence out. */
  readonly attach: boolean;
  /** Registries that may be asked over plain http. */
  readonly insecure: readonly string[];
}

/** Returns a request with what the options of a build say. */
export const withOptions = (
  request: RegistryRequest,
  { attach, insecure }: RegistryOptions,
): RegistryRequest => ({
  ...request,
  ...(!attach && { bare: true }),
  ...(insecure.some((host) => request.ref.startsWith(`${host}/`)) && { insecure: true }),
});
