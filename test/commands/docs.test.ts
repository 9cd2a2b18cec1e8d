import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { stages } from '../../src/base/events.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { environmentVariables, exitCodeMeanings } from '../../src/commands/help.ts';
import { createProgram } from '../../src/commands/program.ts';
import { firstResult } from '../support/ui/build-events.ts';
import { createContext } from '../support/ui/context.ts';

let docs = '';
beforeAll(async () => {
  const text = await readFile(join(packageRoot, 'docs/cli.md'), 'utf8');
  // Cells are padded, so that the tables can be read as text too.
  docs = text.replaceAll(/ +\|/g, ' |');
});

/** The text under `### <command>`. */
const sectionOf = (name: string): string =>
  docs.split(/^##+ /m).find((section) => section.startsWith(`${name}\n`)) ?? '';

describe('docs/cli.md', () => {
  const { commands } = createProgram(createContext(), () => {});
  const ofBuild = (commands.find((each) => each.name() === 'build')?.options ?? []).map(
    ({ flags }) => flags,
  );

  test.each(commands.map((command) => [command.name(), command] as const))(
    'describes %s with every option that it takes',
    (name, command) => {
      const section = sectionOf(name);
      expect(section).not.toBe('');
      for (const option of command.options.filter(({ hidden }) => !hidden)) {
        // The others refer to `build` for the options that they share.
        const shared = name !== 'build' && ofBuild.includes(option.flags);
        expect(section, option.flags).toContain(shared ? (option.long ?? '') : option.flags);
        for (const choice of shared ? [] : (option.argChoices ?? [])) {
          expect(section).toContain(`\`${choice}\``);
        }
      }
    },
  );

  test('describes no option that there is not', () => {
    const flags = new Set(commands.flatMap((command) => command.options.map(({ long }) => long)));
    const written = [...docs.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag);
    const known = ['--help', '--version'];
    expect(written.filter((flag) => !flags.has(flag) && !known.includes(flag))).toEqual([]);
  });

  test('has every exit code with its meaning and its error codes', () => {
    for (const { exitCode, meaning, codes } of exitCodeMeanings()) {
      const list = codes.map((code) => `\`${code}\``).join(', ');
      expect(docs).toContain(`| ${exitCode} | ${meaning} | ${list}`.trimEnd());
    }
  });

  test('has every environment variable', () => {
    for (const name of Object.keys(environmentVariables)) expect(docs).toContain(`| \`${name}\` |`);
  });

  test('has every field of the JSON', () => {
    for (const field of Object.keys(firstResult)) expect(docs).toContain(`| \`${field}\` |`);
  });

  test('has every stage', () => {
    for (const stage of stages) expect(docs).toContain(`\`${stage}\``);
  });
});
