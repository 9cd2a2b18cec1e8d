import { MkbaseError } from '../base/errors.ts';
import { inSentence } from '../base/format.ts';
import { suggest } from '../base/suggest.ts';
import type { Output, OutputRequest } from './contract.ts';
import { offeredOutputs } from './outputs.ts';

/** Returns every form of the option in one sentence. */
function usage(): string {
  const offered = offeredOutputs();
  const types = inSentence(
    offered.map(({ name }) => `type=${name}`),
    'or',
  );
  const folders = offered.flatMap(({ folder }) => (folder ? [`${folder}: dest=PATH/`] : []));
  const keys = offered.flatMap(({ name, keys = {} }) =>
    Object.entries(keys).map(([key, { values }]) => `, ${name} ,${key}=${values.join('|')}`),
  );
  return `Write ${types}; files take ,dest=PATH (${folders.join(', ')})${keys.join('')} too.`;
}

function refuse(text: string, why: string, word = '', known: readonly string[] = []): never {
  const meant = suggest(word, known);
  const question = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  throw new MkbaseError({
    code: 'USAGE',
    message: `--output ${text}: ${why}${question}.`,
    hint: usage(),
  });
}

const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/gy;

/** Splits one CSV record (RFC 4180) into its fields: `"` stands around a field that holds a comma. */
function csvFields(text: string): string[] {
  const matches = [...text.matchAll(field)];
  if (matches.map(([whole]) => whole).join('') !== text) refuse(text, 'its quotes do not match');
  return matches.map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
}

function keysAndValues(text: string, known: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const part of csvFields(text)) {
    const equals = part.indexOf('=');
    if (equals === -1) refuse(text, `expected key=value, found ${JSON.stringify(part)}`);
    const key = part.slice(0, equals).trim().toLowerCase();
    if (!known.includes(key)) refuse(text, `there is no key ${JSON.stringify(key)}`, key, known);
    if (pairs.has(key)) refuse(text, `${key} stands there twice`);
    pairs.set(key, part.slice(equals + 1));
  }
  return pairs;
}

function checkDest(text: string, { name, place, folder }: Output, dest: string): void {
  if (place === 'store') refuse(text, `${name} goes into the engine's store and takes no dest`);
  if (place === 'remote') refuse(text, `${name} goes beyond this machine and takes no dest`);
  if (dest === '' || dest.includes('\0')) refuse(text, 'dest is empty or no path');
  if (dest === '-') refuse(text, 'standard output is for the result; dest is a path');
  if (dest.endsWith('/') && folder === undefined) refuse(text, 'dest has to be a file');
}

/** Parses `--output` in the syntax of docker buildx: `type=…,dest=…`. USAGE for anything else. */
export function parseOutput(text: string): OutputRequest {
  const offered = offeredOutputs();
  const names = offered.map(({ name }) => name);
  const ownKeys = Object.fromEntries(offered.flatMap(({ keys = {} }) => Object.entries(keys)));
  const pairs = keysAndValues(text, ['type', 'dest', ...Object.keys(ownKeys)]);
  const type = pairs.get('type');
  const dest = pairs.get('dest');
  if (type === undefined) refuse(text, 'it has no type');
  const output = offered.find(({ name }) => name === type);
  if (output === undefined) {
    return refuse(text, `there is no type ${JSON.stringify(type)}`, type, names);
  }
  if (dest !== undefined) checkDest(text, output, dest);
  for (const [key, { elsewhere }] of Object.entries(ownKeys)) {
    if (pairs.has(key) && output.keys?.[key] === undefined) refuse(text, elsewhere);
  }
  return output.parse({
    dest,
    get: (key) => pairs.get(key),
    refuse: (why, word, known) => refuse(text, why, word, known),
  });
}
