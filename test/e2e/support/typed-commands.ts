import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { exchangesOf } from '../../support/markdown.ts';
import { alpineMirrorFolder, noAlpine } from './alpine.ts';
import { everySetting } from './engines.ts';
import { cliFile, environment, type Run } from './mkbase.ts';

const complete = process.env.MKBASE_TEST_COMPLETE === '1';

export const isThere = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Why a document's commands cannot be typed here; where everything has to be tested, they can. */
export function missing(...programs: readonly string[]): string | undefined {
  if (complete) return undefined;
  const engine = everySetting.find(({ title }) => title === 'docker')?.missing;
  const absent = programs.find((program) => !isThere(program));
  return absent === undefined ? engine : `there is no ${absent}`;
}

export const leftOut = (reason: string | undefined): string =>
  reason ? `: left out, ${reason}` : '';

/** Types commands; mkbase is one, as after `npm link`. `folder` is empty. */
export function typist(folder: string) {
  mkdirSync(folder, { recursive: true });
  symlinkSync(cliFile(), join(folder, 'mkbase'));
  const env = environment({
    PATH: `${folder}:${process.env.PATH}`,
    ...(!noAlpine && alpineMirrorFolder && { MKBASE_ALPINE_MIRROR: alpineMirrorFolder }),
  });
  return { type, expectToRun, expectExchanges };

  /** Runs a command as it is written, in a shell that stops at the first failure. */
  function type(
    command: string,
    cwd: string,
    shell: readonly string[] = ['bash', '--norc', '-euo', 'pipefail', '-c'],
  ): Run {
    const [file = '', ...flags] = shell;
    const { status, stdout, stderr, error } = spawnSync(file, [...flags, command], {
      cwd,
      env,
      encoding: 'utf8',
      // bash reads its start-up files when its input is a socket.
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (error) throw error;
    return { code: status, stdout, stderr };
  }

  function expectToRun(text: string, cwd: string): void {
    const run = type(text, cwd);
    expect(run, run.stderr).toMatchObject({ code: 0 });
  }

  /** A command prints what is shown: its result, or its error when it is shown to fail. */
  function expectExchanges(text: string, cwd: string): void {
    for (const { command, output } of exchangesOf(text)) {
      const run = type(command, cwd);
      const fails = output.startsWith('error: ');
      expect(run.code === 0, `${command}\n${run.stderr}`).toBe(!fails);
      expect(comparable(fails ? run.stderr : run.stdout)).toBe(comparable(output));
    }
  }
}

/** Output without what may differ between two good builds: digests, times, sizes and versions. */
const comparable = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{64}/g, '…')
    .replaceAll(/(?<=^The whole log: ).*(?=\/mkbase\/logs\/)/gm, '…')
    .replaceAll(/ in [^\n]*(?:s|min|h)$/gm, '')
    .replaceAll(/[\d.,]+ (?:B|kB|MB)$/gm, '…')
    .replaceAll(/(?<=^pkg:deb\/[^@\n]*@)[^?\n]*/gm, '…');
