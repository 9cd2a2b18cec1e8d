import { MkbaseError } from '../base/errors.ts';
import { nameOf, showUrl } from './show-url.ts';
import type { Download } from './store.ts';

/** Whether a URL can be read without the network. */
export const isLocal = (url: string): boolean => url.startsWith('file:');

const namedAtMost = 10;

/** The error for what would have to come over the network when it must not. */
export function offlineError(missing: readonly Pick<Download, 'urls'>[]): MkbaseError {
  const lines = missing
    .slice(0, namedAtMost)
    .map(({ urls: [url = ''] }) => `\n  ${nameOf(url)} (${showUrl(url)})`);
  const more = missing.length > namedAtMost ? `\n  and ${missing.length - namedAtMost} more` : '';
  return new MkbaseError({
    code: 'OFFLINE',
    message: `Not in the store, and the network may not be used:${lines.join('')}${more}`,
    hint: 'Run once without --offline to fetch what is missing.',
  });
}
