import { MkbaseError } from '../../base/errors.ts';
import { type YamlRecord, yamlRecords } from '../../recipe/yaml-records.ts';

/** One archive of a release folder, as its `latest-releases.yaml` states it. */
export interface PublishedArchive {
  /** For instance `v3.20`. */
  readonly branch: string;
  readonly version: string;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly sha512: string;
  /** Midnight UTC of its day, seconds since 1970. */
  readonly date: number;
}

/** The form of each field; the values become parts of paths and URLs. */
const forms: Readonly<Record<string, RegExp>> = {
  branch: /^v\d{1,4}\.\d{1,4}$/,
  version: /^\d{1,4}\.\d{1,4}\.\d{1,4}(?:_rc\d{1,2})?$/,
  file: /^[A-Za-z0-9][A-Za-z0-9._+-]*\.tar\.gz$/,
  size: /^\d{1,9}$/,
  sha256: /^[0-9a-f]{64}$/,
  sha512: /^[0-9a-f]{128}$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
};

/**
 * Reads the minirootfs archives for one architecture out of a `latest-releases.yaml`, as Alpine's
 * mirrors have it in each release folder. `what` is its URL. Throws SOURCE_CORRUPT.
 */
export function parseReleaseIndex(bytes: Uint8Array, arch: string, what: string) {
  try {
    return yamlRecords(Buffer.from(bytes).toString('utf8'))
      .filter((each) => each.get('flavor') === 'alpine-minirootfs' && each.get('arch') === arch)
      .map(archiveOf);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `${what} is no index of Alpine's releases: ${error.message}.`,
      hint: 'Check that the mirror is one of Alpine and that no proxy or login page answers in its place.',
      cause: error,
    });
  }
}

function archiveOf(record: YamlRecord): PublishedArchive {
  const field = (name: string) => {
    const value = record.get(name) ?? '';
    if (forms[name]?.test(value)) return value;
    throw new SyntaxError(`the field ${name} of ${record.get('flavor')} is missing or malformed`);
  };
  const seconds = Date.parse(`${field('date')}T00:00:00Z`) / 1000;
  if (!(seconds >= 0)) throw new SyntaxError(`there is no day ${field('date')}`);
  return {
    branch: field('branch'),
    version: field('version'),
    file: field('file'),
    size: Number(field('size')),
    sha256: field('sha256'),
    sha512: field('sha512'),
    date: seconds,
  };
}
