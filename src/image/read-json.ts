import { MkbaseError } from '../base/errors.ts';
import { isRecord } from '../base/json.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import type { Descriptor } from './blob.ts';

/** The image at `source` is not one that mkbase can read. */
export function refuse(source: string, why: string): never {
  throw new MkbaseError({
    code: 'ARCHIVE_REFUSED',
    message: `${source} is not an image that mkbase can read: ${why}.`,
    hint: 'Give the file or folder that mkbase wrote with --output type=oci or type=docker.',
  });
}

/** A descriptor of the given media type, checked field by field. */
export function readDescriptor(value: unknown, mediaType: string, source: string): Descriptor {
  if (!isRecord(value)) return refuse(source, 'a descriptor is no object');
  const { digest, size } = value;
  if (value.mediaType !== mediaType)
    refuse(source, `expected ${mediaType}, found ${value.mediaType}`);
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return refuse(source, `${JSON.stringify(digest)} is no sha256 digest`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    return refuse(source, `${JSON.stringify(size)} is no size`);
  }
  return { mediaType, digest, size };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The part of an image config that a run needs; null counts as absent, as Go writes it. */
export function readProcessConfig(
  { config = {} }: Readonly<Record<string, unknown>>,
  source: string,
): OciProcessConfig {
  if (!isRecord(config)) return refuse(source, 'its config is no object');
  const list = (key: keyof OciProcessConfig) => {
    const value = config[key] ?? undefined;
    if (value === undefined) return {};
    if (Array.isArray(value) && value.every(isText)) return { [key]: value };
    return refuse(source, `${key} is no list of texts`);
  };
  const text = (key: keyof OciProcessConfig) => {
    const value = config[key] ?? undefined;
    if (value === undefined) return {};
    return isText(value) ? { [key]: value } : refuse(source, `${key} is no text`);
  };
  return {
    ...list('Entrypoint'),
    ...list('Cmd'),
    ...list('Env'),
    ...text('WorkingDir'),
    ...text('User'),
  };
}
