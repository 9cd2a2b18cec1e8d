import { MkbaseError } from '../../base/errors.ts';

const enter = /[\r\n]/;
const ctrlC = '\u0003';
const ctrlD = '\u0004';
const erasers = ['\u007f', '\b'];

/** Returns what has been typed after one more character; undefined when it ends there. */
function typed(before: string, char: string): string | undefined {
  if (char === ctrlC) {
    throw new MkbaseError({ code: 'INTERRUPTED', message: 'Stopped at the passphrase.' });
  }
  if (enter.test(char) || char === ctrlD) return undefined;
  return erasers.includes(char) ? [...before].slice(0, -1).join('') : before + char;
}

/** Asks the person at the terminal for a passphrase, which is not shown. Throws INTERRUPTED at Ctrl-C. */
export async function askPassphrase(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  try {
    let text = '';
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
      for (const char of String(chunk)) {
        const next = typed(text, char);
        if (next === undefined) return text;
        text = next;
      }
    }
    return text;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}
