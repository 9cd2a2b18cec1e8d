import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { exitCodes, MkbaseError } from '../../src/base/errors.ts';
import { exitCodeMeanings } from '../../src/commands/help.ts';
import { createProgram } from '../../src/commands/program.ts';
import { commandNames, usageError } from '../../src/commands/usage-error.ts';
import { createContext } from '../support/ui/context.ts';

const program = () => createProgram(createContext(), () => {});

/** What a person is told about a command line that is wrong. */
async function complaint(...argv: string[]): Promise<MkbaseError> {
  try {
    await program().parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return usageError(error, argv);
    if (error instanceof MkbaseError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('a command line that is wrong', () => {
  test.each([
    [['hello', '--jsno'], "Unknown option '--jsno'.", 'Did you mean --json?'],
    [
      ['hello', '--engine', 'dokcer'],
      "Option '--engine <engine>' argument 'dokcer' is invalid. Allowed choices are auto, docker, podman, namespace.",
      'Did you mean docker?',
    ],
    [
      ['hello', '--json', '--quiet'],
      "Option '-q, --quiet' cannot be used with option '--json'.",
      'See mkbase build --help.',
    ],
    [
      ['hello', '--quiet', '--progress', 'plain'],
      "Option '-q, --quiet' cannot be used with option '--progress <mode>'.",
      'See mkbase build --help.',
    ],
    [['run'], "Missing required argument 'recipe'.", 'See mkbase run --help.'],
    [
      ['hello', 'lua', '--json', '--tag', 'a', '--iidfile', 'id'],
      '--json, --tag, --iidfile: this is for one image, but 2 recipes are given.',
      'Call mkbase once for each recipe.',
    ],
  ])('is refused: %j', async (argv, message, hint) => {
    expect(await complaint(...argv)).toMatchObject({ code: 'USAGE', message, hint });
  });

  test.each([
    [['hello', '-o', 'type=tarball']],
    [['hello', '-o', 'type=import,dest=x']],
    [['hello', '-t', 'Not-A-Name']],
  ])('is refused before anything is built: %j', async (argv) => {
    expect((await complaint(...argv)).code).toBe('USAGE');
  });
});

describe('lists that are kept in two places agree', () => {
  test('commands', () => {
    const names = program().commands.map((command) => command.name());
    expect([...names, 'help']).toEqual([...commandNames]);
  });

  test('exit codes and their meanings', () => {
    const meant = exitCodeMeanings();
    expect(meant.flatMap(({ codes }) => codes).sort()).toEqual(Object.keys(exitCodes).sort());
    for (const { meaning } of meant) expect(meaning).not.toBe('');
  });
});

test('help fits into 80 columns, and tells examples, environment and exit codes', async () => {
  const context = createContext();
  const root = createProgram(context, () => {});
  await expect(root.parseAsync(['--help'], { from: 'user' })).rejects.toThrow(CommanderError);
  const text = context.stdout.text();
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  for (const title of ['Examples:', 'Environment:', 'Exit codes:']) expect(text).toContain(title);
  await expect(text).toMatchFileSnapshot('../golden/ui/help.txt');
});
