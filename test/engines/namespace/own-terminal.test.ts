import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/base/run-command/command.ts';
import { throughTerminal } from '../../../src/engines/namespace/own-terminal.ts';
import { temporaryFolder } from '../../support/folder.ts';

const terminal = join(import.meta.dirname, '../../e2e/support/terminal.py');
const source = join(import.meta.dirname, '../../../src/engines/namespace/own-terminal.ts');

/** Runs a command on a terminal of 80 by 24, as a person's is. */
const onPersons = (...command: readonly string[]) =>
  spawnSync('python3', [terminal, '80', '24', '', '0', ...command], { encoding: 'utf8' });

const wordsOf = ({ file, args }: Command) => [file, ...args];
const sh = (script: string, ...args: readonly string[]): Command => ({
  file: 'sh',
  args: ['-c', script, 'sh', ...args],
});

/** A program that talks to a shell script as mkbase would, and ends as that does. */
function talker(script: string): string {
  const outfile = join(temporaryFolder(), 'talker.mjs');
  buildSync({
    stdin: {
      contents: `import { runTalking } from ${JSON.stringify(source)};
        const { exitCode } = await runTalking(${JSON.stringify(sh(script))});
        process.exitCode = exitCode ?? 99;`,
      resolveDir: import.meta.dirname,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

/** Starts a talker from a shell that says afterwards how it ended and what the terminal is like. */
const told = (script: string) =>
  onPersons(
    ...wordsOf(sh('tty; "$@"; echo "ended with $?"; stty -a', process.execPath, talker(script))),
  ).stdout;

describe('a command on a terminal of its own', () => {
  test('has its words as they are, whatever a shell would make of them, and ends as it ended', () => {
    const words = ["it's", '$(echo evil)', '`echo evil`', '"a  b"', 'a\\b', '', '; echo evil', "'"];
    const script = 'for word; do printf "<%s>" "$word"; done; exit 7';
    const { stdout, status } = onPersons(...wordsOf(throughTerminal(sh(script, ...words))));
    expect(stdout).toBe(words.map((word) => `<${word}>`).join(''));
    expect(status).toBe(7);
  });

  test('has another terminal than the person’s, of the same size', () => {
    const [persons, own, size, ended] = told('tty; stty size; kill -TERM $$').split('\r\n');
    expect(persons).toMatch(/^\/dev\/pts\/\d+$/);
    expect(own).toMatch(/^\/dev\/pts\/\d+$/);
    expect(own).not.toBe(persons);
    expect([size, ended]).toEqual(['24 80', 'ended with 143']);
  });

  test('gives the person’s back as it was, also when what stands between is killed', () => {
    const printed = told('kill -KILL $PPID; sleep 100');
    expect(printed).toContain('ended with 99');
    expect(printed).toMatch(/ icanon/);
    expect(printed).toMatch(/ echo /);
    expect(printed).not.toMatch(/-icanon|-echo |-opost/);
  });
});
