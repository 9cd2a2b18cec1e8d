import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bareBuilder } from '../../src/steps/bare-builder.ts';
import { commandStep, visitedStep } from '../../src/steps/shell-place.ts';
import { builderShell, stoppingStep } from '../../src/steps/visitor.ts';
import { temporaryFolder } from '../support/folder.ts';

const visitor = { terminal: 'xterm', before: async () => {}, after: () => {} };

test('a command has its words as they are', () => {
  const words = ["it's", '$(echo evil)', '', '-c'];
  const { argv } = commandStep(
    { ...bareBuilder, prepare: 'cd /' },
    { words: ['printf', '<%s>', ...words] },
  );
  expect(execFileSync(argv[0], argv.slice(1)).toString()).toBe(
    words.map((word) => `<${word}>`).join(''),
  );
});

test('a script is run by a shell', () => {
  const { argv } = commandStep({ ...bareBuilder, prepare: 'cd /' }, { script: 'pwd\necho "$#"\n' });
  expect(execFileSync(argv[0], argv.slice(1)).toString()).toBe('/\n0\n');
});

test('a place for a person holds when it is ready', () => {
  const step = visitedStep(bareBuilder, visitor);
  expect(step.argv[2]).toMatch(/\nhold 0$/);
  expect(step.hold?.argv).toEqual(bareBuilder.argv);
});

test('a step that stops where it fails keeps its parameters', () => {
  const step = { argv: ['sh', '-euc', 'echo "$1"', 'name', 'first'] as const };
  const { argv, hold } = stoppingStep(step, ['shell'], visitor);
  expect(argv.slice(3)).toEqual(['name', 'first']);
  expect(execFileSync(argv[0], argv.slice(1)).toString()).toBe('first\n');
  expect(hold?.argv).toEqual(['shell']);
});

test('a shell of the builder opens in the first folder that is there', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'there'));
  const [file, ...args] = builderShell(
    [join(folder, 'missing'), join(folder, 'there')],
    'export WORD=x',
  );
  const said = execFileSync(file, args, { input: 'pwd; echo "$WORD"\n' }).toString();
  expect(said).toBe(`${join(folder, 'there')}\nx\n`);
});
