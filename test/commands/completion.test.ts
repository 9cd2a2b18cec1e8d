import { execFile, execFileSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { completion, type Shell, shells } from '../../src/commands/completion.ts';
import { createProgram } from '../../src/commands/program.ts';
import { temporaryFolder } from '../support/folder.ts';
import { createContext } from '../support/ui/context.ts';

const run = promisify(execFile);

async function scriptFor(shell: Shell): Promise<string> {
  const context = createContext();
  await completion(
    shell,
    createProgram(context, () => {}),
    context,
  );
  return context.stdout.text();
}

function isInstalled(shell: Shell): boolean {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
}

let folder: string;
beforeAll(async () => {
  folder = temporaryFolder();
  for (const shell of shells) await writeFile(join(folder, shell), await scriptFor(shell));
  // Stands in for mkbase where the scripts ask it for recipes.
  await writeFile(join(folder, 'mkbase'), '#!/bin/sh\nprintf "hello\\nhello-cpp\\nlua\\n"\n');
  await chmod(join(folder, 'mkbase'), 0o755);
});

test.each(shells.filter(isInstalled))('%s takes the script without complaint', async (shell) => {
  const { stderr } = await run(shell, ['-n', join(folder, shell)]);
  expect(stderr).toBe('');
});

/** What bash offers for a command line that ends where the cursor is. */
async function bashOffers(...words: string[]): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `
    source '${join(folder, 'bash')}'
    COMP_WORDS=(${quoted}); COMP_CWORD=$((${'$'}{#COMP_WORDS[@]} - 1))
    _mkbase mkbase "${'$'}{COMP_WORDS[COMP_CWORD]}" "${'$'}{COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\\n' "${'$'}{COMPREPLY[@]}"`;
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const { stdout } = await run('bash', ['--norc', '-c', script], { env });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  test.each([
    ['a command or a recipe first', ['mkbase', 'l'], ['list', 'lock', 'lua']],
    ['recipes after build', ['mkbase', 'build', 'hel'], ['hello', 'hello-cpp']],
    ['recipes after another recipe', ['mkbase', 'lua', 'hello-'], ['hello-cpp']],
    ['options of build without the word build', ['mkbase', 'hello', '--me'], ['--metadata-file']],
    ['options of the command at hand', ['mkbase', 'gc', '--'], ['--keep', '--all', '--help']],
    ['the values of an option', ['mkbase', '--engine', 'd'], ['docker']],
    ['output types', ['mkbase', 'hello', '-o', 'type=ro'], ['type=rootfs']],
    ['shells', ['mkbase', 'completion', 'z'], ['zsh']],
    ['kinds to start with', ['mkbase', 'init', '--kind', 'deb'], ['debs', 'debootstrap']],
    ['nothing for a tag', ['mkbase', 'hello', '-t', ''], []],
  ])('%s', async (_, words, offers) => {
    expect(await bashOffers(...words)).toEqual(offers);
  });
});

test.runIf(isInstalled('fish'))(
  'fish completes commands, recipes, options and values',
  async () => {
    const offers = async (line: string) => {
      const script = `source ${join(folder, 'fish')}; complete -C '${line}'`;
      const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
      const { stdout } = await run('fish', ['--no-config', '-c', script], { env, cwd: folder });
      return stdout.split('\n').flatMap((each) => each.split('\t')[0] || []);
    };
    expect(await offers('mkbase lu')).toEqual(['lua']);
    expect(await offers('mkbase do')).toEqual(['doctor']);
    expect(await offers('mkbase gc --a')).toEqual(['--all']);
    expect(await offers('mkbase hello --engine na')).toEqual(['namespace']);
  },
);
