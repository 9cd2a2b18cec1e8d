import { basename } from 'node:path';

/**
 * Shows a URL in messages and logs, and keeps it in locks and evidence: without its user part, its query
 * and its fragment, each of which may hold a secret. A path that holds one cannot be told from others.
 */
export function showUrl(url: string | URL): string {
  try {
    const shown = new URL(url);
    shown.username = '';
    shown.password = '';
    shown.search = '';
    shown.hash = '';
    return shown.href;
  } catch {
    return String(url)
      .replace(/\/\/.*@/s, '//')
      .replace(/[?#].*$/s, '');
  }
}

/** Returns the file name at the end of a URL's path, for progress; the host where there is none. */
export function nameOf(url: string): string {
  try {
    const { pathname, host } = new URL(url);
    return basename(decodeURIComponent(pathname)) || host;
  } catch {
    return showUrl(url);
  }
}

/** Takes user part, query and fragment out of every URL in a text; a second time changes nothing. */
const withoutSecretParts = (text: string): string =>
  text.replace(/(:\/{2,})(?:\/*[^\s/?#]*@)+/g, '$1').replace(/(:\/{2,}[^\s?#]*)[?#]\S*/g, '$1');

/** Copies plain data without the user part, query and fragment of any URL in any of its texts. */
export function withoutUrlSecrets<T>(data: T): T {
  const replaced = (_: string, value: unknown) =>
    typeof value === 'string' ? withoutSecretParts(value) : value;
  return JSON.parse(JSON.stringify(data, replaced)) as T;
}
