import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { folderForEachTest } from '../support/folder.ts';
import { everySetting, type Setting } from './support/engines.ts';
import { cliFile, environment, mkbase, root } from './support/mkbase.ts';
import { traces } from './support/traces.ts';

const folder = folderForEachTest();

/** A copy of the recipe `hello` without its test; `write` edits its program. */
function helloCopy(work: string) {
  const [from, to] = [join(root, 'recipes/hello'), join(work, 'hello')];
  mkdirSync(to);
  chmodSync(to, 0o777);
  const recipe = readFileSync(join(from, 'recipe.yaml'), 'utf8').replace(/\ntest:[\s\S]*$/, '\n');
  writeFileSync(join(to, 'recipe.yaml'), recipe);
  copyFileSync(join(from, 'hello.c'), join(to, 'hello.c'));
  const program = readFileSync(join(from, 'hello.c'), 'utf8');
  const write = (change: (text: string) => string) =>
    writeFileSync(join(to, 'hello.c'), change(program));
  return { recipe: to, write };
}

interface Watching {
  readonly child: ChildProcess;
  /** Resolves to all that a turn said, once it is over. */
  turn(): Promise<string>;
}

function watching({ engine, settings }: Setting, work: string, recipe: string): Watching {
  const { through = [], env } = settings();
  const words = ['watch', recipe, '--engine', engine, '--progress', 'plain'];
  const [file = '', ...rest] = [...through, process.execPath, cliFile(), ...words];
  const out = ['--out', join(work, 'out')];
  const child = spawn(file, [...rest, ...out], {
    cwd: work,
    env: environment(env, engine),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [said, ended] = ['', false];
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      wake();
    });
  }
  child.on('exit', () => {
    ended = true;
    wake();
  });
  const mark = 'Ctrl-C ends it.';
  return {
    child,
    async turn() {
      while (!said.includes(mark)) {
        if (ended) throw new Error(`mkbase watch ended: ${said}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const end = said.indexOf(mark) + mark.length;
      const turn = said.slice(0, end);
      said = said.slice(end);
      return turn;
    },
  };
}

/** As long as a loaded machine may take to start a container. */
const waited = { timeout: 60_000, interval: 200 };

const manifestIn = (text: string) => /^manifest (sha256:[0-9a-f]{64})$/m.exec(text)?.[1];

for (const setting of everySetting) {
  const { title, engine, settings, missing } = setting;
  describe.skipIf(missing !== undefined)(
    `mkbase watch with ${title}${missing ? ` [left out: ${missing}]` : ''}`,
    () => {
      test('makes in a container that was up before what any build makes, tells errors, and leaves nothing', async () => {
        const work = folder();
        const { recipe, write } = helloCopy(work);
        const { env = {}, ...rest } = settings();
        const { child, turn } = watching(setting, work, recipe);
        const first = manifestIn(await turn());
        const cache = env.XDG_CACHE_HOME ?? process.env.MKBASE_TEST_CACHE ?? '';
        const own = { engine, pids: [child.pid ?? 0], folders: [work, join(cache, 'mkbase')] };
        const left = () => traces({ ...own, word: `${work}/out` });
        // The namespace engine's are processes.
        if (engine !== 'namespace') await vi.waitFor(() => expect(left()).toHaveLength(1), waited);
        write((text) => text.replace('Hello', 'Watched'));
        const second = manifestIn(await turn());
        expect(second).toBeDefined();
        expect(second).not.toBe(first);

        const asked = ['build', recipe, '--engine', engine, '--no-cache', '--progress', 'plain'];
        const again = await mkbase([...asked, '--out', join(work, 'again')], {
          ...{ ...rest, env },
          cwd: work,
        });
        expect(again.stderr + again.stdout).toContain(`manifest ${second}`);

        write((text) => text.replace(';', ''));
        expect(await turn()).toMatch(/hello\.c changed\.[\s\S]*hello\.c:\d+[\s\S]*error: expected/);
        write((text) => text.replace('Hello', 'Mended'));
        expect(manifestIn(await turn())).toBeDefined();

        child.kill('SIGINT');
        await once(child, 'exit');
        expect(left()).toEqual([]);
      });
    },
  );
}
