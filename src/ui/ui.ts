import type { MkbaseError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import type { BuildResult } from '../pipeline/request.ts';
import { asMkbaseError, writeError } from './error-text.ts';
import { createLogTail } from './log-tail.ts';
import type { NextCommandContext } from './next-command.ts';
import { createPlainView } from './plain.ts';
import { isCi, paletteOf, type Screen } from './screen.ts';
import { type ResultMode, resultText } from './summary.ts';
import { createTtyView } from './tty.ts';
import {
  attributeToRunning,
  type Clock,
  createRawJsonView,
  silentView,
  type View,
} from './view.ts';

export const progressModes = ['auto', 'tty', 'plain', 'rawjson'] as const;
export type ProgressMode = (typeof progressModes)[number];

/** The screens of a build and what they show: progress and errors go to stderr, the result to stdout. */
export interface UiOptions {
  readonly progress: ProgressMode | 'none';
  readonly result: ResultMode;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
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

/** Decides `auto`: a list on a terminal that can, lines in pipes and continuous integration. */
export function resolveProgress(
  mode: ProgressMode | 'none',
  screen: Screen,
  env: NodeJS.ProcessEnv,
): Exclude<ProgressMode, 'auto'> | 'none' {
  if (mode !== 'auto') return mode;
  return screen.isTTY === true && !isCi(env) && env.TERM !== 'dumb' ? 'tty' : 'plain';
}

/** Opens the view of a build, or of several, which are named. */
export function createView(options: UiOptions, builds: readonly string[] = []): View {
  const { stderr, env, clock } = options;
  const palette = paletteOf(stderr, env);
  switch (resolveProgress(options.progress, stderr, env)) {
    case 'tty':
      return createTtyView(options, palette, clock, builds.length > 0);
    case 'plain':
      return createPlainView(stderr, palette, clock, builds);
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
  const tail = createLogTail();
  let ended = false;
  const end = async (error?: MkbaseError) => {
    if (!ended) await view.end(error);
    ended = true;
  };
  return {
    emit(event) {
      tail.take(event);
      // A shell may have the terminal by then.
      if (!ended) show(event);
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
        for (const line of tail.recall(known)) stderr.write(`${palette.dim(line)}\n`);
      }
      writeError(stderr, env, known);
    },
  };
}
