import { MkbaseError } from '../../base/errors.ts';

/** A script is handed to the shell as one argument, which the kernel limits to 128 KiB (execve(2)). */
const mostBytes = 64 * 1024;

/** Reads the script for a shell to its end, as UTF-8. Throws USAGE for one that is too long. */
export async function readScript(stdin: AsyncIterable<string | Uint8Array>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > mostBytes) throw tooLong;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const tooLong = new MkbaseError({
  code: 'USAGE',
  message: `The script on stdin is longer than ${mostBytes / 1024} KiB.`,
  hint: 'Put it beside the recipe, where its commands find it, and call it from there.',
});
