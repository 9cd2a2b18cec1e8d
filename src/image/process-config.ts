import type { ImageSettings } from '../recipe/schema.ts';
import { nanoseconds } from './duration.ts';
import type { ImageConfig } from './image.ts';

/** The label that tells mkbase's images from others; its value is the recipe's name. */
export const recipeLabel = 'mkbase.recipe';

/** The keys of an object whose values say nothing, which is how image-spec writes a set. */
const toSet = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, {}]));

/** Docker counts a port without a protocol as TCP, and always writes the protocol. */
const toPort = (port: string) => (port.includes('/') ? port : `${port}/tcp`);

type Healthcheck = NonNullable<ImageSettings['healthcheck']>;

function toHealthcheck({ test, interval, timeout, startPeriod, retries }: Healthcheck) {
  return {
    Test: ['CMD', ...test],
    ...(interval && { Interval: nanoseconds(interval) }),
    ...(timeout && { Timeout: nanoseconds(timeout) }),
    ...(startPeriod && { StartPeriod: nanoseconds(startPeriod) }),
    ...(retries && { Retries: retries }),
  };
}

/**
 * Settings in Dockerfile words as the `config` object of an OCI image config (image-spec,
 * config.md; `Healthcheck` is Docker's). What is not set is left out: no PATH of Docker's making,
 * no user, no folder. The environment keeps the recipe's order.
 */
export function toImageConfig(settings: ImageSettings, recipe: string): ImageConfig {
  const { entrypoint = [], cmd = [], expose, volumes, healthcheck } = settings;
  const env = Object.entries(settings.env).map(([name, value]) => `${name}=${value}`);
  return {
    ...(settings.user && { User: settings.user }),
    ...(expose.length > 0 && { ExposedPorts: toSet(expose.map(toPort)) }),
    ...(env.length > 0 && { Env: env }),
    ...(entrypoint.length > 0 && { Entrypoint: entrypoint }),
    ...(cmd.length > 0 && { Cmd: cmd }),
    ...(volumes.length > 0 && { Volumes: toSet(volumes) }),
    ...(settings.workdir && { WorkingDir: settings.workdir }),
    Labels: { ...settings.labels, [recipeLabel]: recipe },
    ...(settings.stopsignal && { StopSignal: settings.stopsignal }),
    ...(healthcheck && { Healthcheck: toHealthcheck(healthcheck) }),
  };
}
