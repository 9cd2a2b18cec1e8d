import { resolve } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { suggest } from '../base/suggest.ts';
import {
  type Compression,
  compressionOf,
  compressions,
  suffixOf,
} from '../image/compress/names.ts';

/** Where a finished image goes. */
export type Output =
  /** `docker import` into the engine's store. */
  | { readonly type: 'import' }
  /** An archive that loads everywhere, with a stable image ID; loaded if an image store is there. */
  | { readonly type: 'docker'; readonly dest?: string }
  /** An OCI image layout, as one archive or, when `dest` ends in a slash, as a folder. */
  | { readonly type: 'oci'; readonly dest?: string }
  /** The canonical rootfs tar; not compressed when that is left out. */
  | { readonly type: 'rootfs'; readonly dest?: string; readonly compression?: Compression }
  /** A folder that `docker build` makes the image from; asked for by `mkbase export`. */
  | { readonly type: 'dockerfile'; readonly dest: string };

/** An output that is there. */
export interface PlacedOutput {
  readonly type: Output['type'];
  /** Path of the file or folder, or the reference in the image store. */
  readonly dest: string;
  /** Bytes, for files. */
  readonly size?: number;
}

/** Names in the output folder when none is asked for. */
const defaultNames = { docker: 'image.docker', oci: 'image.oci', rootfs: 'rootfs' };

/** What `--output` can ask for. */
type Asked = Exclude<Output['type'], 'dockerfile'>;
const types = ['import', ...Object.keys(defaultNames)];
const keys = ['type', 'dest', 'compression'];

const isType = (type: string): type is Asked => types.includes(type);

function refuse(text: string, why: string): never {
  throw new MkbaseError({
    code: 'USAGE',
    message: `--output ${text}: ${why}.`,
    hint: 'Write type=import, type=docker, type=oci or type=rootfs; files take ,dest=PATH (an OCI folder: dest=PATH/), rootfs ,compression=none|gzip|zstd|xz too.',
  });
}

function didYouMean(word: string, candidates: readonly string[]): string {
  const meant = suggest(word, candidates);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/gy;

/** The fields of one CSV record (RFC 4180): `"` around a field that holds a comma. */
function csvFields(text: string): string[] {
  const matches = [...text.matchAll(field)];
  if (matches.map(([whole]) => whole).join('') !== text) refuse(text, 'its quotes do not match');
  return matches.map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
}

function keysAndValues(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const part of csvFields(text)) {
    const equals = part.indexOf('=');
    if (equals === -1) refuse(text, `expected key=value, found ${JSON.stringify(part)}`);
    const key = part.slice(0, equals).trim().toLowerCase();
    if (!keys.includes(key)) {
      refuse(text, `there is no key ${JSON.stringify(key)}${didYouMean(key, keys)}`);
    }
    if (pairs.has(key)) refuse(text, `${key} stands there twice`);
    pairs.set(key, part.slice(equals + 1));
  }
  return pairs;
}

function checkDest(text: string, type: Asked, dest: string): void {
  if (type === 'import') refuse(text, "import goes into the engine's store and takes no dest");
  if (dest === '' || dest.includes('\0')) refuse(text, 'dest is empty or no path');
  if (dest === '-') refuse(text, 'standard output is for the result; dest is a path');
  if (dest.endsWith('/') && type !== 'oci') refuse(text, 'dest has to be a file');
}

/** What is asked for, else what the file's name speaks of. */
function chooseCompression(
  text: string,
  asked: string | undefined,
  dest: string | undefined,
): Compression | undefined {
  const named = dest === undefined ? undefined : compressionOf(dest);
  if (asked === undefined) return named === 'none' ? undefined : named;
  const compression = compressions.find((each) => each === asked);
  if (compression === undefined) {
    const meant = compressionOf(`.tar.${asked}`) ?? asked;
    const hint = didYouMean(meant, compressions);
    return refuse(text, `there is no compression ${JSON.stringify(asked)}${hint}`);
  }
  if (named !== undefined && named !== compression) {
    const said = named === 'none' ? 'what is not compressed' : `what is compressed with ${named}`;
    refuse(text, `the name of dest is that of ${said}; end it in ${suffixOf(compression)}`);
  }
  return compression;
}

/** Parses `--output` in the syntax of docker buildx: `type=…,dest=…`. USAGE for anything else. */
export function parseOutput(text: string): Output {
  const pairs = keysAndValues(text);
  const type = pairs.get('type');
  const dest = pairs.get('dest');
  const asked = pairs.get('compression');
  if (type === undefined) refuse(text, 'it has no type');
  if (!isType(type)) {
    refuse(text, `there is no type ${JSON.stringify(type)}${didYouMean(type, types)}`);
  }
  if (dest !== undefined) checkDest(text, type, dest);
  const where = dest === undefined ? {} : { dest };
  if (type === 'rootfs') {
    const compression = chooseCompression(text, asked, dest);
    return { type, ...where, ...(compression && { compression }) };
  }
  if (asked !== undefined) refuse(text, 'only rootfs can be compressed: a layer is its diffID');
  return { type, ...where };
}

/** Outputs that are files or folders. */
export type FileOutput = Exclude<Output, { readonly type: 'import' }>;

/** Absolute path of an output, and whether it is a folder. `outDir` holds what names no dest. */
export function destination(
  output: FileOutput,
  outDir: string,
): { readonly path: string; readonly folder: boolean } {
  if (output.type === 'dockerfile') return { path: resolve(output.dest), folder: true };
  const { type, dest } = output;
  if (dest !== undefined) return { path: resolve(dest), folder: dest.endsWith('/') };
  const compression = type === 'rootfs' ? output.compression : undefined;
  const name = `${defaultNames[type]}${suffixOf(compression ?? 'none')}`;
  return { path: resolve(outDir, name), folder: false };
}
