import { MkbaseError } from '../../base/errors.ts';

const nobodyReads = new MkbaseError({
  code: 'INTERRUPTED',
  message: 'Nobody reads what the command prints any more.',
});

/** Writes bytes to stdout; resolves when they have left the process. INTERRUPTED where nobody reads them. */
export const print = (bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(nobodyReads) : resolve()));
  });
