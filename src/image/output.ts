import { resolve } from 'node:path';
import { MkbaseError } from '../errors.ts';
import { suggest } from '../recipe/suggest.ts';

/** Where a finished image goes. */
export type Output =
  /** `docker import` into the engine's store. */
  | { readonly type: 'import' }
  /** An archive that loads everywhere, with a stable image ID; loaded if an image store is there. */
  | { readonly type: 'docker'; readonly dest?: string }
  /** An OCI image layout, as one archive or, when `dest` ends in a slash, as a folder. */
  | { readonly type: 'oci'; readonly dest?: string }
  /** The canonical rootfs tar. */
  | { readonly type: 'rootfs'; readonly dest?: string };

/** An output that is there. */
export interface PlacedOutput {
  readonly type: Output['type'];
  /** Path of the file or folder, or the reference in the image store. */
  readonly dest: string;
  /** Bytes, for files. */
  readonly size?: number;
}

/** Names in the output folder when none is asked for. */
const defaultNames = { docker: 'image.docker.tar', oci: 'image.oci.tar', rootfs: 'rootfs.tar' };

const types = ['import', ...Object.keys(defaultNames)];
const keys = ['type', 'dest'];

const isType = (type: string): type is Output['type'] => types.includes(type);

function refuse(text: string, why: string): never {
  throw new MkbaseError({
    code: 'USAGE',
    message: `--output ${text}: ${why}.`,
    hint: 'Write type=import, type=docker, type=oci or type=rootfs; files take ,dest=PATH (an OCI folder: dest=PATH/).',
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

/** Parses `--output` in the syntax of docker buildx: `type=…,dest=…`. USAGE for anything else. */
export function parseOutput(text: string): Output {
  const pairs = keysAndValues(text);
  const type = pairs.get('type');
  const dest = pairs.get('dest');
  if (type === undefined) refuse(text, 'it has no type');
  if (!isType(type)) {
    refuse(text, `there is no type ${JSON.stringify(type)}${didYouMean(type, types)}`);
  }
  if (dest === undefined) return { type };
  if (type === 'import') refuse(text, "import goes into the engine's store and takes no dest");
  if (dest === '' || dest.includes('\0')) refuse(text, 'dest is empty or no path');
  if (dest === '-') refuse(text, 'standard output is for the result; dest is a path');
  if (dest.endsWith('/') && type !== 'oci') refuse(text, 'dest has to be a file');
  return { type, dest };
}

/** Outputs that are files or folders. */
export type FileOutput = Exclude<Output, { readonly type: 'import' }>;

/** Absolute path of an output, and whether it is a folder. `outDir` holds what names no dest. */
export function destination(
  output: FileOutput,
  outDir: string,
): { readonly path: string; readonly folder: boolean } {
  const { dest } = output;
  if (dest === undefined)
    return { path: resolve(outDir, defaultNames[output.type]), folder: false };
  return { path: resolve(dest), folder: dest.endsWith('/') };
}
