import type { MkbaseError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import type { BuildResult } from '../pipeline/request.ts';
import { attributeToRunning } from './attribute.ts';
import type { Environment } from './color.ts';
import { asMkbaseError } from './error-text.ts';
import { createMemory } from './log-tail.ts';
import type { NextCommandContext } from './next-command.ts';
import { writeError } from './notices.ts';
import { createPlainView } from './plain.ts';
import { createRawJsonView } from './rawjson.ts';
import { type ResultMode, resultText } from './result-text.ts';
import { paletteOf, type Screen } from './screen.ts';
import { createTtyView } from './tty.ts';
import { type Clock, silentView, steadyClock, type View } from './view.ts';

export const progressModes = ['auto', 'tty', 'plain', 'rawjson'] as const;
export type ProgressMode = (typeof progressModes)[number];

/** Where a build shows itself: progress and errors go to stderr, the result to stdout. */
export interface UiOptions {
  readonly progress: ProgressMode | 'none';
  readonly result: ResultMode;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Environment;
  readonly clock?: Clock;
}

/** One build's way of speaking to people and programs. */
export interface Ui {
  readonly emit: Emit;
  /** Says that the build was asked to stop. */
  stopping(): void;
  /** Shows the result; only `summary` needs to know what the next command would be. */
  finish(result: BuildResult, context?: NextCommandContext): Promise<void>;
  /** Ends the progress; what there is to say is said by the caller. */
  close(): Promise<void>;
  /** Shows the error; stdout stays empty. */
  fail(error: unknown): Promise<void>;
}

/** `auto` draws on a terminal that can, and writes lines in pipes and continuous integration. */
export function resolveProgress(
  mode: ProgressMode | 'none',
  screen: Screen,
  env: Environment,
): Exclude<ProgressMode, 'auto'> | 'none' {
  if (mode !== 'auto') return mode;
  const ci = env.CI !== undefined && env.CI !== '' && env.CI !== 'false';
  return screen.isTTY === true && !ci && env.TERM !== 'dumb' ? 'tty' : 'plain';
}

function createView(options: UiOptions): View {
  const { stderr, env } = options;
  const clock = options.clock ?? steadyClock;
  const palette = paletteOf(stderr, env);
  switch (resolveProgress(options.progress, stderr, env)) {
    case 'tty':
      return createTtyView(stderr, palette, clock);
    case 'plain':
      return createPlainView(stderr, palette, clock);
    case 'rawjson':
      return createRawJsonView(stderr, clock);
    case 'none':
      return silentView;
  }
}

/** Turns a build's events, and its end, into output. */
export function createUi(options: UiOptions): Ui {
  const { stdout, stderr, env } = options;
  const mode = resolveProgress(options.progress, stderr, env);
  const view = createView(options);
  const show = mode === 'rawjson' ? view.emit : attributeToRunning(view.emit);
  const memory = createMemory();
  let ended = false;
  const end = async (error?: MkbaseError) => {
    if (!ended) await view.end(error);
    ended = true;
  };
  return {
    emit(event) {
      memory.take(event);
      show(event);
    },
    stopping() {
      if (!ended) view.stopping();
    },
    async finish(result, context) {
      await end();
      const text = resultText(result, options.result, options, context);
      if (text !== '') stdout.write(text);
    },
    close: () => end(),
    async fail(error) {
      const known = asMkbaseError(error);
      const wasRunning = !ended;
      await end(known);
      if (mode === 'rawjson' && wasRunning) return;
      const palette = paletteOf(stderr, env);
      if (mode === 'tty' && wasRunning) {
        for (const line of memory.recall(known)) stderr.write(`${palette.dim(line)}\n`);
      }
      writeError(stderr, env, known);
    },
  };
}
