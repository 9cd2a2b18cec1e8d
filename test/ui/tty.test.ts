import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../support/ui/bundle.ts';
import { screenAfter } from '../support/ui/terminal.ts';

let demo: { folder: string; program: string };
beforeAll(async () => {
  demo = await bundle('test/support/ui/demo.ts');
});

/** Fast, and yet slow enough for a rate to be measured. */
const speed = 4;

/** Plays the made-up build under a pseudo-terminal of 80 columns; resolves to what that was sent. */
async function play(kind: 'ok' | 'fail' | 'fast', redirect = ''): Promise<string> {
  const command = `stty cols 80 rows 40; exec ${process.execPath} ${demo.program} tty ${kind} ${speed} ${redirect}`;
  const env = { PATH: process.env.PATH, TERM: 'xterm-256color', NO_COLOR: '1' };
  const run = promisify(execFile)('script', ['-qec', command, '/dev/null'], { env });
  return (await run).stdout;
}

/** Times differ from run to run, and with them the room for a digest; everything else is the same. */
const timeless = (lines: readonly string[]): string =>
  lines
    .map((line) => line.replace(/ +(?:\d+ ms|\d+\.\d s)$/, '  TIME').replace(/[0-9a-f]+…/, '…'))
    .join('\n');

describe('the live list on a terminal', () => {
  test('moves a bar, and ends as a list of what was done with the summary below it', async () => {
    const output = await play('ok');
    expect(output).toMatch(/Fetching 52 packages {2}━+─+ {2}[\d.]+\/65\.0 MB · \d+ MB\/s/);
    const { lines, cursorShown } = screenAfter(output);
    expect(cursorShown).toBe(true);
    await expect(timeless(lines)).toMatchFileSnapshot('../golden/ui/tty-first-build.txt');
  });

  test('marks the stage that failed and shows the error below it', async () => {
    const { lines, cursorShown } = screenAfter(await play('fail'));
    expect(cursorShown).toBe(true);
    await expect(timeless(lines)).toMatchFileSnapshot('../golden/ui/tty-failed-build.txt');
  });

  test('does not appear at all when the build takes but a moment', async () => {
    const output = await play('fast');
    expect(output).not.toContain('Fetching');
    expect(output).not.toContain('\u001b[2K');
    expect(screenAfter(output).lines[0]).toMatch(/^Built hello/);
  });

  test('is drawn on stderr when stdout is redirected', async () => {
    const output = await play('ok', '> /dev/null');
    expect(output).toContain('✓ Fetching 52 packages  65.0 MB');
    expect(output).not.toContain('Built hello');
  });
});
