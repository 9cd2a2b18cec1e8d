import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Command } from '../../src/base/run-command/command.ts';
import { askCommand, pipeCommand, runCommand } from '../../src/base/run-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { bundleChild } from '../support/store.ts';

const sh = (script: string, more: Partial<Command> = {}): Command => ({
  file: 'sh',
  args: ['-c', script],
  ...more,
});

const node = (script: string, more: Partial<Command> = {}): Command => ({
  file: process.execPath,
  args: ['-e', script],
  ...more,
});

async function read(stdout: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of stdout) text += Buffer.from(chunk).toString('latin1');
  return text;
}

const ignore = () => {};

/** Input that gives a little and then waits until nobody wants any more. */
async function* endless(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first');
  await new Promise(() => {});
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first');
  throw new MkbaseError({ code: 'SOURCE_CORRUPT', message: 'bad bytes' });
}

describe('a command that runs to its end', () => {
  test('success and failure have the same shape', async () => {
    expect(await runCommand(sh('echo out; echo err >&2'))).toEqual({
      command: "sh -c 'echo out; echo err >&2'",
      ok: true,
      exitCode: 0,
      killedBy: undefined,
      timedOut: false,
      notFound: false,
      stdout: 'out\n',
      stderr: 'err\n',
      problem: '',
    });
    expect(await runCommand(sh('exit 7'))).toMatchObject({
      ok: false,
      exitCode: 7,
      problem: 'it ended with exit code 7',
    });
  });

  test('a program that is not installed is a result, not an exception', async () => {
    expect(
      await runCommand({ file: 'mkbase-no-such-program', args: [], input: 'x' }),
    ).toMatchObject({
      ok: false,
      notFound: true,
      exitCode: undefined,
      problem: 'it is not installed',
    });
  });

  test('a program killed by a signal says by which', async () => {
    expect(await runCommand(sh('kill -KILL $$'))).toMatchObject({
      ok: false,
      killedBy: 'SIGKILL',
      problem: 'it was stopped by SIGKILL',
    });
  });

  test('arguments reach the program as they are', async () => {
    const args = ['; echo x', '$(id)', '-n', 'a\nb', ''];
    const { stdout } = await runCommand({
      file: process.execPath,
      args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...args],
    });
    expect(JSON.parse(stdout)).toEqual(args);
  });

  test('the environment is added to, cut by undefined, or replaced', async () => {
    const print = 'console.log(JSON.stringify([process.env.A ?? null, process.env.HOME ?? null]))';
    const env = { A: '1', HOME: undefined };
    expect((await runCommand(node(print, { env }))).stdout).toBe('["1",null]\n');
    const clean = await runCommand(node(print, { env: { A: '2' }, cleanEnv: true }));
    expect(clean.stdout).toBe('["2",null]\n');
  });

  test('what is captured is cut at 1 MiB, and the program still runs to its end', async () => {
    const { ok, stdout } = await runCommand(sh('head -c 3000000 /dev/zero; exit 0'));
    expect({ ok, length: stdout.length }).toEqual({ ok: true, length: 1024 * 1024 });
  });
});

describe('the input of a command', () => {
  test('without one, stdin is empty', async () => {
    expect((await runCommand(sh('wc -c'))).stdout.trim()).toBe('0');
  });

  test('all of it arrives, however slowly it is read', async () => {
    const part = Buffer.alloc(300_000, 'x');
    async function* parts() {
      for (let at = 0; at < 20; at += 1) yield part;
    }
    const { stdout } = await runCommand(sh('sleep 0.1; sha256sum', { input: parts() }));
    const expected = createHash('sha256').update(Buffer.alloc(6_000_000, 'x')).digest('hex');
    expect(stdout.split(' ')[0]).toBe(expected);
  });

  test('a program that closes its stdin early succeeds all the same', async () => {
    async function* forever() {
      for (;;) yield Buffer.alloc(65_536);
    }
    expect(await runCommand(sh('head -c 10 >/dev/null', { input: forever() }))).toMatchObject({
      ok: true,
    });
  });

  test('a program that ends does not wait for an input that does not', async () => {
    expect(await runCommand(sh('exit 4', { input: endless() }))).toMatchObject({ exitCode: 4 });
  });

  test('one that fails stops the program before it could take the part for the whole', async () => {
    const run = runCommand(sh('cat; echo complete', { input: failing() }));
    await expect(run).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
  });
});

describe('a command that is stopped', () => {
  test('by its time limit, even when it ignores SIGTERM', async () => {
    const result = await runCommand(
      sh('exec sleep 1000', { timeoutSeconds: 0.1, killSignal: 'SIGKILL' }),
    );
    expect(result).toMatchObject({
      ok: false,
      timedOut: true,
      problem: 'it took too long and was stopped',
    });
  });

  test('by the signal, and that is an interruption', async () => {
    const stop = new AbortController();
    const run = runCommand(sh('exec sleep 1000', { signal: stop.signal }));
    stop.abort();
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  test('by the end of mkbase itself, with SIGTERM, which a CLI passes on to its container', async () => {
    const file = join(temporaryFolder(), 'trapped');
    const child = await bundleChild('end-early', 'base');
    const script = `trap 'touch ${file}; exit' TERM; echo begun; while :; do sleep 0.01; done`;
    const { exitCode } = await runCommand({ file: process.execPath, args: [child, script] });
    expect(exitCode).toBe(3);
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), 10_000);
  });

  test('before it started', async () => {
    const run = runCommand(sh('exit 0', { signal: AbortSignal.abort() }));
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  test('with its own way to stop, which is called once and in place of a signal', async () => {
    let calls = 0;
    const command = sh('echo $$; exec sleep 1000', {
      timeoutSeconds: 0.1,
      stop: async () => {
        calls += 1;
      },
    });
    const result = await runCommand(command);
    expect({ calls, timedOut: result.timedOut }).toEqual({ calls: 1, timedOut: true });
  });
});

describe('a command whose output is read as a stream', () => {
  test('gives its bytes to the reader and its lines of stderr to the listener', async () => {
    const seen: string[] = [];
    const { result, outcome } = await pipeCommand(
      sh('printf "\\377\\000"; echo one >&2; printf two >&2'),
      read,
      (line) => seen.push(line),
    );
    expect({ ok: result.ok, outcome, seen, tail: result.stderr }).toEqual({
      ok: true,
      outcome: { ok: true, value: '\xff\0' },
      seen: ['one', 'two'],
      tail: 'one\ntwo',
    });
  });

  test('keeps only the last lines of stderr', async () => {
    const { result } = await pipeCommand(sh('seq 1 100 >&2'), read, ignore);
    expect(result.stderr.split('\n')).toEqual(Array.from({ length: 40 }, (_, at) => `${at + 61}`));
  });

  test('is stopped by a reader that fails, and both ends are told', async () => {
    const { result, outcome } = await pipeCommand(
      sh('exec yes'),
      async (stdout) => {
        for await (const _ of stdout) throw new Error('enough');
      },
      ignore,
    );
    expect(result.ok).toBe(false);
    expect(outcome).toMatchObject({ ok: false, error: { message: 'enough' } });
  });

  test('and had ended well before that reader failed is not said to have failed', async () => {
    const { result, outcome } = await pipeCommand(
      sh('echo all'),
      async (stdout) => {
        await read(stdout);
        throw new Error('no good');
      },
      ignore,
    );
    expect(result).toMatchObject({ ok: true, problem: '' });
    expect(outcome).toMatchObject({ ok: false, error: { message: 'no good' } });
  });

  test('and which fails itself reports its own exit code beside what was read', async () => {
    const { result, outcome } = await pipeCommand(sh('echo part; exit 9'), read, ignore);
    expect({ exitCode: result.exitCode, outcome }).toEqual({
      exitCode: 9,
      outcome: { ok: true, value: 'part\n' },
    });
  });
});

describe('askCommand', () => {
  const signal = new AbortController().signal;

  test('resolves to the answer', async () => {
    expect(await askCommand('printf', ['yes'], signal)).toBe('yes');
  });

  test('has no answer from a program that fails, is not there or is stopped', async () => {
    expect(await askCommand('sh', ['-c', 'echo no; exit 3'], signal)).toBeUndefined();
    expect(await askCommand('no-such-program', [], signal)).toBeUndefined();
    expect(await askCommand('sleep', ['60'], AbortSignal.timeout(20))).toBeUndefined();
  });
});
