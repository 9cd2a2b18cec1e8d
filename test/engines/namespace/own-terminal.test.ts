import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { throughTerminal } from '../../../src/engines/namespace/own-terminal.ts';

const terminal = join(import.meta.dirname, '../../e2e/support/terminal.py');

/** Runs a shell script as an image is run: on a terminal of its own, from one of 80 by 24. */
function talk(script: string, ...args: readonly string[]) {
  const command = throughTerminal({ file: 'sh', args: ['-c', script, 'sh', ...args] });
  const seen = ['python3', terminal, '80', '24', '', '0', command.file, ...command.args];
  const [file = '', ...rest] = seen;
  return spawnSync(file, rest, { encoding: 'utf8' });
}

describe('a command on a terminal of its own', () => {
  test('has its words as they are, whatever a shell would make of them', () => {
    const words = ["it's", '$(echo evil)', '`echo evil`', '"a  b"', 'a\\b', '', '; echo evil', "'"];
    const { stdout } = talk('for word; do printf "<%s>" "$word"; done', ...words);
    expect(stdout).toBe(words.map((word) => `<${word}>`).join(''));
  });

  test('ends as it ended, also by a signal', () => {
    expect(talk('exit 7').status).toBe(7);
    expect(talk('kill -TERM $$').status).toBe(128 + 15);
  });

  test('has another terminal than the one it was started from, of the same size', () => {
    const outer = talk('tty; stty size');
    const [name, size] = outer.stdout.split('\r\n');
    expect(name).toMatch(/^\/dev\/pts\/\d+$/);
    expect(size).toBe('24 80');
    const both = spawnSync(
      'python3',
      [
        ...[terminal, '80', '24', '', '0', 'sh', '-c', 'tty; exec "$@"', 'sh'],
        ...(({ file, args }) => [file, ...args])(
          throughTerminal({ file: 'sh', args: ['-c', 'tty'] }),
        ),
      ],
      { encoding: 'utf8' },
    );
    const [first, second] = both.stdout.split('\r\n');
    expect(first).toMatch(/^\/dev\/pts\/\d+$/);
    expect(second).not.toBe(first);
  });
});
