import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MkbaseError } from '../base/errors.ts';
import { showUrl } from '../store/show-url.ts';

/** Returns the URL as it may be shown and kept: as `showUrl` does, and without trailing slash. */
export const withoutCredentials = (url: string): string => showUrl(url).replace(/\/+$/, '');

/**
 * Returns a mirror root as a URL without trailing slash. Takes an http, https or file URL or a path of this
 * machine. `example` is a good one, for the hint. Throws USAGE, without repeating credentials.
 */
export function mirrorUrl(value: string, setBy: string, example: string): string {
  const url = /^[a-z][a-z0-9+.-]+:/i.test(value) ? value : pathToFileURL(resolve(value)).href;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:', 'file:'].includes(parsed.protocol)) {
    const shown = parsed === undefined ? 'a value that is no URL' : withoutCredentials(url);
    throw new MkbaseError({
      code: 'USAGE',
      message: `${setBy} names ${shown}; a mirror is an http, https or file URL, or a folder.`,
      hint: `Name the root of the archive, for instance ${example}.`,
    });
  }
  if (/[?#]/.test(parsed.href)) {
    throw new MkbaseError({
      code: 'USAGE',
      message: `${setBy} names ${withoutCredentials(url)} with a query or a fragment; a mirror has neither.`,
      hint: `Name the root of the archive, for instance ${example}; a user and a password may stand before its host.`,
    });
  }
  return parsed.href.replace(/\/+$/, '');
}

/** Returns the URL of a path below a mirror root; each part of the path is percent-encoded. */
export function below(mirror: string, path: string): string {
  return `${mirror}/${path.split('/').map(encodePart).join('/')}`;
}

/** Debian's pool holds names with "~" and "+", which mirrors serve as they are. */
const encodePart = (part: string) =>
  encodeURIComponent(part).replace(/%2B/g, '+').replace(/%3A/g, ':');
