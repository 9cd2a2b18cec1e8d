import { basename } from 'node:path';

/** Shows a URL in messages and logs: without its user part, which may hold a secret. */
export function showUrl(url: string | URL): string {
  try {
    const shown = new URL(url);
    shown.username = '';
    shown.password = '';
    return shown.href;
  } catch {
    return String(url).replace(/\/\/[^/]*@/, '//');
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

/** Copies plain data without the user part of any text that is a URL. */
export function withoutUserParts<T>(data: T): T {
  const isSecret = (value: unknown): value is string =>
    typeof value === 'string' && /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*@/i.test(value);
  const replaced = (_: string, value: unknown) => (isSecret(value) ? showUrl(value) : value);
  return JSON.parse(JSON.stringify(data, replaced)) as T;
}
