import { isRecord, type JsonRecord } from '../base/json.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import { refuseImage } from '../oci/read-layout.ts';
import type { ImageSettings } from '../recipe/schema/schema.ts';
import type { ImageConfig } from './image.ts';

const nanosecondsIn = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
type Unit = keyof typeof nanosecondsIn;

/**
 * Returns the nanoseconds in a recipe's duration, for instance `30s`. The result is exact for all that
 * the recipe's schema allows: every hour is a multiple of 8192 ns, so even 999999h is one double.
 */
export function nanoseconds(duration: string): number {
  const unit = duration.replace(/^[0-9]+/, '') as Unit;
  return Number.parseInt(duration, 10) * nanosecondsIn[unit];
}

/** Returns the seconds in a recipe's duration, not rounded. */
export const seconds = (duration: string): number => nanoseconds(duration) / 1e9;

/** The label that tells mkbase's images from others; its value is the recipe's name. */
export const recipeLabel = 'io.mkbase.recipe';

/** A set, as image-spec encodes it: keys with empty objects. */
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
 * Returns settings in Dockerfile words as the `config` object of an OCI image config (image-spec,
 * config.md; `Healthcheck` is Docker's). A setting that is not made is left out: no PATH of Docker's
 * making, no user, no folder. The environment keeps the recipe's order.
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

const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * Reads the part of the image config of `source` that a run needs; null counts as absent, as Go
 * writes it. ARCHIVE_REFUSED for a member of another type.
 */
export function readProcessConfig({ config = {} }: JsonRecord, source: string): OciProcessConfig {
  if (!isRecord(config)) return refuseImage(source, 'its config is no object');
  const list = (key: keyof OciProcessConfig) => {
    const value = config[key] ?? undefined;
    if (value === undefined) return {};
    if (Array.isArray(value) && value.every(isText)) return { [key]: value };
    return refuseImage(source, `${key} is no list of texts`);
  };
  const text = (key: keyof OciProcessConfig) => {
    const value = config[key] ?? undefined;
    if (value === undefined) return {};
    return isText(value) ? { [key]: value } : refuseImage(source, `${key} is no text`);
  };
  return {
    ...list('Entrypoint'),
    ...list('Cmd'),
    ...list('Env'),
    ...text('WorkingDir'),
    ...text('User'),
  };
}
