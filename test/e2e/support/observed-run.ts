import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Event } from '../../../src/base/events.ts';
import { cliFile, engineOf, environment, type Run, type RunSettings } from './mkbase.ts';

/** A line of `--progress rawjson`. */
export type RawEvent =
  | Event
  | { readonly type: 'error'; readonly code: string; readonly message: string };

/** How a run ended, and what it told on the way. */
export interface ObservedRun extends Run {
  readonly pid: number;
  readonly events: readonly RawEvent[];
}

/** Told of each event as it comes, with the run's process. */
export type Watcher = (event: RawEvent, pid: number) => void;

function parse(line: string): RawEvent | undefined {
  try {
    return JSON.parse(line) as RawEvent;
  } catch {
    return undefined;
  }
}

/** Runs the built command line with `--progress rawjson` and shows its events to `watch`. */
export function observe(
  args: readonly string[],
  settings: RunSettings,
  watch: Watcher = () => undefined,
): Promise<ObservedRun> {
  const [file = '', ...rest] = [
    ...(settings.through ?? []),
    process.execPath,
    cliFile(),
    ...args,
    '--progress',
    'rawjson',
  ];
  const env = environment(settings.env, engineOf(args));
  const child = spawn(file, rest, { cwd: settings.cwd, env });
  const pid = child.pid ?? 0;
  const events: RawEvent[] = [];
  const output = { stdout: '', stderr: '' };
  child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  createInterface(child.stderr).on('line', (line) => {
    output.stderr += `${line}\n`;
    const event = parse(line);
    if (event === undefined) return;
    events.push(event);
    watch(event, pid);
  });
  settings.onStart?.(pid);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...output, pid, events }));
  });
}
