import { randomInt } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderForEachTest, temporaryFolder } from '../support/folder.ts';
import type { Server } from '../support/http-server.ts';
import { noAlpine, serveAlpine } from './support/alpine.ts';
import { busyboxRecipe } from './support/busybox-recipe.ts';
import { everyEngine, everySetting, type Setting } from './support/engines.ts';
import { mkbase, type Run, root } from './support/mkbase.ts';
import { textRecipe } from './support/text-recipe.ts';
import { traces } from './support/traces.ts';

// Where an ordinary user can read it, too.
const talk = join(temporaryFolder({ shared: true }), 'conversation.py');
copyFileSync(join(root, 'test/e2e/support/conversation.py'), talk);

/** One that an ordinary user can run; a version manager's is in somebody's home. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

const folder = folderForEachTest();

/** A text to wait for, and what a person types then; undefined: the terminal is closed. */
type Turn = readonly [seen: string, typed: string | undefined];

const ctrlC = '\u0003';

/** A word that stands on the command line of nothing else. */
const newWord = () => String(randomInt(1_000_000, 9_000_000));

/** A run of mkbase, and what it left. */
interface Visit extends Run {
  readonly left: readonly string[];
}

interface Visiting {
  readonly word?: string;
  /** Puts mkbase on a terminal. */
  readonly turns?: readonly Turn[];
  /** Comes in on stdin. */
  readonly input?: string;
}

/** Runs mkbase in a folder; its words, and those that come after `--`. */
async function visit(
  { engine, settings }: Setting,
  work: string,
  [words, command]: readonly [words: readonly string[], command?: readonly string[]],
  { word = newWord(), turns, input }: Visiting = {},
): Promise<Visit> {
  const { env = {}, through = [], ...rest } = settings();
  const pidFile = join(work, 'pid');
  const told = turns?.map(([seen, typed]) => [seen, typed ?? null]);
  const run = await mkbase(
    [
      ...[...words, '--engine', engine, '--out', join(work, 'out')],
      ...(command ? ['--', ...command] : []),
    ],
    {
      ...rest,
      cwd: work,
      through: [
        ...through,
        ...(input === undefined ? [] : ['sh', '-c', 'printf %s "$0" | "$@"', input]),
        ...(told ? [python, talk, JSON.stringify(told)] : []),
        ...['sh', '-c', 'echo $$ >"$0"; exec "$@"', pidFile],
      ],
      env: { ...env, TERM: 'xterm', WORD: word },
    },
  );
  const cache = env.XDG_CACHE_HOME ?? process.env.MKBASE_TEST_CACHE ?? '';
  const pids = [Number(readFileSync(pidFile, 'utf8'))];
  return { ...run, left: traces({ engine, pids, folders: [work, join(cache, 'mkbase')], word }) };
}

/** Writes a recipe whose builder is one small package, and whose commands are `build`. */
function quickRecipe(work: string, build: string): string {
  const recipe = busyboxRecipe(join(work, 'recipe'), {
    build,
    archive: { 'main.c': 'int main(void) { return 0; }\n' },
  });
  chmodSync(recipe, 0o777);
  return recipe;
}

const opened = 'What you change here is thrown away';
/** The end of the prompt. */
const prompt = ' # ';

for (const setting of everySetting) {
  const { title, missing } = setting;
  describe.skipIf(missing !== undefined)(
    `a shell with ${title}${missing ? ` [left out: ${missing}]` : ''}`,
    () => {
      test('runs a command beside the sources, without network, and passes its exit code on', async () => {
        const work = folder();
        const recipe = quickRecipe(work, 'true');
        const looking =
          'ls; pwd; echo "$SOURCE_DATE_EPOCH"; cat /proc/net/dev; echo oh >&2; exit 7';
        const run = await visit(setting, work, [
          ['shell', recipe, '-q'],
          ['sh', '-c', looking],
        ]);
        expect(run.code).toBe(7);
        expect(run.stderr).toBe('oh\n');
        expect(run.stdout).toMatch(/^README\nmain\.c\n\/build\/src\n\d+\nInter-/);
        const devices = [...run.stdout.matchAll(/^ *(\w+):/gm)].map(([, name]) => name);
        expect(
          devices.filter((name) => !['lo', 'sit0', 'tunl0', 'ip6tnl0'].includes(name ?? '')),
        ).toEqual([]);
        expect(run.left).toEqual([]);
      });

      test('reads a script from stdin where that is no terminal', async () => {
        const work = folder();
        const recipe = quickRecipe(work, 'echo built');
        const run = await visit(setting, work, [['shell', recipe, '-q']], {
          input: 'cd ..\nsh build.sh\ntest -e out/0 && exit 9\n',
        });
        expect(run).toMatchObject({ code: 9, stdout: 'built\n', left: [] });
      });

      test('gives Ctrl-C to what runs in it, knows the window, and ends with its own exit code', async () => {
        const work = folder();
        const word = newWord();
        const recipe = quickRecipe(work, 'true');
        const run = await visit(setting, work, [['shell', recipe]], {
          word,
          turns: [
            [opened, ''],
            [prompt, 'echo "in $PWD, $TERM, $((6 * 7))"; echo window; stty size 2>&1\r'],
            ['in /build/src, xterm, 42', ''],
            [prompt, 'cat /proc/self/status /proc/net/dev; ls -l /proc/self/fd\r'],
            [prompt, `echo waits; sleep ${word}\r`],
            ['\nwaits', ctrlC],
            [prompt, 'echo "again $((6 * 7))"; exit 5\r'],
          ],
        });
        expect(run.stdout).toContain('again 42');
        expect(run.stdout).toMatch(
          /CapEff:\s+0+\s+CapBnd:\s+0+\s+CapAmb:\s+0+\s+NoNewPrivs:\s+1\s/,
        );
        expect(run.stdout).toMatch(/Seccomp:\s+2\s/);
        expect(run.stdout).not.toMatch(/^ *eth\d+:/m);
        const kept = [...stripVTControlCharacters(run.stdout).matchAll(/ -> (.*)\r/g)];
        expect(kept.length).toBeGreaterThan(2);
        for (const [, target] of kept) {
          expect(target).toMatch(/^\/(?:dev\/(?:pts\/\d+|console|tty|null)|proc\/\d+\/fd|\d+)$/);
        }
        expect(run).toMatchObject({ code: 5, left: [] });
      });

      test('leaves nothing when the terminal is closed', async () => {
        const work = folder();
        const word = newWord();
        const recipe = quickRecipe(work, 'true');
        const turns: readonly Turn[] = [
          [opened, ''],
          [prompt, `echo waits; sleep ${word}\r`],
          ['\nwaits', undefined],
        ];
        const run = await visit(setting, work, [['shell', recipe]], { word, turns });
        expect(run).toMatchObject({ code: 129, left: [] });
      });

      test('opens where a step failed, with what it left, and then ends with its error', async () => {
        const work = folder();
        const word = newWord();
        const recipe = quickRecipe(work, 'mkdir half\necho begun >half/file\nfalse');
        const run = await visit(setting, work, [[recipe, '--on-failure', 'shell']], {
          word,
          turns: [
            ['code: BUILD_FAILED', ''],
            [opened, ''],
            [prompt, 'cat half/file; echo "in $PWD"\r'],
            ['in /build/src', ''],
            [prompt, `echo waits; sleep ${word}\r`],
            ['\nwaits', ctrlC],
            [prompt, 'exit 3\r'],
          ],
        });
        expect(run.stdout).toContain('\nbegun');
        expect(run.stdout.split('code: BUILD_FAILED')).toHaveLength(3);
        expect(run).toMatchObject({ code: 6, left: [] });
      });

      // In a container the step's first process cannot be killed from inside.
      const inNamespace = setting.engine === 'namespace' ? [setting.title] : [];
      test.for(inNamespace)(
        'waits for nobody where the step dies before the shell: %s',
        async () => {
          const work = folder();
          const word = newWord();
          const recipe = quickRecipe(work, 'echo mkbase-held: 1 >&2\nkill -9 -1');
          const words = [recipe, '--on-failure', 'shell'];
          const run = await visit(setting, work, [words], { word, turns: [[opened, '']] });
          expect(run).toMatchObject({ code: 6, left: [] });
        },
      );

      test('leaves nothing of a failed step when the terminal is closed', async () => {
        const work = folder();
        const word = newWord();
        const recipe = quickRecipe(work, 'false');
        const turns: readonly Turn[] = [
          [opened, ''],
          [prompt, `echo waits; sleep ${word} & sleep ${word}\r`],
          ['\nwaits', undefined],
        ];
        const words = [recipe, '--on-failure', 'shell'];
        const run = await visit(setting, work, [words], { word, turns });
        expect(run).toMatchObject({ code: 129, left: [] });
      });
    },
  );
}

describe('a shell in a root filesystem', () => {
  let mirror: Server;
  beforeAll(async () => {
    if (noAlpine === undefined) mirror = await serveAlpine();
  });
  afterAll(() => mirror?.close());
  const alpine = () => ['--allow', 'unsigned-archive', '--mirror', mirror.url];

  const engines = everyEngine.map((setting) => [setting.title, setting] as const);

  test.skipIf(noAlpine).for(engines)(
    'is in the finished tree that needed no builder, and leaves its lock alone: %s',
    async ([, setting]) => {
      const work = folder();
      const words = ['shell', 'alpine', '-q', ...alpine()];
      const looking = 'cat /etc/os-release; stat -c "group %g" /etc/shadow; exit 4';
      const run = await visit(setting, work, [words, ['sh', '-c', looking]]);
      expect(run).toMatchObject({ code: 4, stderr: '', left: [] });
      expect(run.stdout).toContain('NAME="Alpine Linux"\n');
      expect(run.stdout).toContain('group 42\n');
      expect(readFileSync(join(work, 'out/lock.json'), 'utf8')).not.toContain('toolchain');
    },
  );

  test.skipIf(noAlpine).for(engines)(
    'opens where a command of run failed: %s',
    async ([, setting]) => {
      const work = folder();
      const recipe = textRecipe(work, [
        'name: half',
        'extends: alpine',
        'run: [[sh, -c, echo begun >/srv/half], [ls, /nosuch]]',
      ]);
      const words = ['build', recipe, '--on-failure', 'shell', ...alpine()];
      const run = await visit(setting, work, [words], {
        turns: [
          [opened, ''],
          [prompt, 'cat /srv/half; echo "user $(id -u)"; exit 3\r'],
        ],
      });
      expect(run.stdout).toMatch(/\nbegun\r?\nuser 0\r?\n/);
      expect(run).toMatchObject({ code: 6, left: [] });
    },
  );

  test('is one of the builder’s where the tree has none', async () => {
    const [setting] = everyEngine;
    if (setting === undefined) return;
    const work = folder();
    const run = await visit(setting, work, [['shell', 'hello', '--in', 'tree']], {
      turns: [
        ['has no shell of its own', ''],
        [prompt, 'cat /hello | { read -r first; echo "read $?"; }; /hello\r'],
        ['Hello from mkbase!', ''],
        [prompt, 'exit\r'],
      ],
    });
    expect(run).toMatchObject({ code: 0, left: [] });
  });
});

describe('a shell for which there is no place', () => {
  const refusals = [
    [['hello', '--on-failure', 'shell'], 'a shell needs a terminal'],
    [['hello', 'lua', '--on-failure', 'shell'], 'for one recipe'],
    [['hello', '--on-failure', 'shell', '--json'], 'what a program reads'],
    [['shell', 'distroless-static', '--in', 'builder', '--', 'ls'], 'made without a builder'],
  ] as const;
  test.each(refusals)('%j is refused', async (words, message) => {
    const [setting] = everyEngine;
    const work = folder();
    const run = await mkbase([...words], { cwd: work, ...setting?.settings() });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
