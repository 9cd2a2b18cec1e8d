import { resolve } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import { tagPattern } from '../../oci/reference-grammar.ts';
import {
  namesRegistry,
  parseRemote,
  type RemoteReference,
} from '../../registry/remote-reference.ts';

/** An end of a copy, as a word of the command line names it. */
export type Place =
  | { readonly kind: 'remote'; readonly reference: RemoteReference }
  | {
      readonly kind: 'folder' | 'archive';
      /** Absolute. */
      readonly path: string;
      readonly tag: string | undefined;
    };

/** Skopeo's words for places. */
const forms: Readonly<Record<string, Place['kind']>> = {
  oci: 'folder',
  'oci-archive': 'archive',
  docker: 'remote',
};

const formPattern = /^(oci|oci-archive|docker):(.*)$/s;

/** Tells whether a word names a place by its form, as skopeo does. */
export const isPlace = (word: string): boolean =>
  /^(?:oci|oci-archive):.|^docker:\/\/./s.test(word);

/** Splits off the tag of `oci:PATH:TAG`. */
function withTag(text: string): { readonly path: string; readonly tag: string | undefined } {
  const colon = text.lastIndexOf(':');
  const tag = colon === -1 ? '' : text.slice(colon + 1);
  if (!tagPattern.test(tag)) return { path: text, tag: undefined };
  return { path: text.slice(0, colon), tag };
}

/**
 * Reads a place in skopeo's words: `oci:FOLDER[:TAG]`, `oci-archive:FILE[:TAG]`, `docker://REFERENCE`; or a reference
 * that begins with a registry's host. Throws USAGE.
 */
export function parsePlace(word: string, cwd: string): Place {
  const [, form = '', rest = ''] = formPattern.exec(word) ?? [];
  const kind = forms[form];
  if (kind === 'remote' && rest.startsWith('//')) {
    return { kind, reference: parseRemote(rest.slice(2)) };
  }
  if (kind === 'folder' || kind === 'archive') {
    const { path, tag } = withTag(rest);
    if (path !== '' && !path.includes('\0')) return { kind, path: resolve(cwd, path), tag };
  }
  if (namesRegistry(word)) return { kind: 'remote', reference: parseRemote(word) };
  throw new MkbaseError({
    code: 'USAGE',
    message: `${JSON.stringify(word)} is no place to copy from or to.`,
    hint: 'Write HOST/NAME:TAG for a registry, oci:FOLDER for an OCI layout or oci-archive:FILE for an archive of one.',
  });
}
