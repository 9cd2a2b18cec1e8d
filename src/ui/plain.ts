import type { Event, Stage } from '../base/events.ts';
import { formatDuration } from '../base/format.ts';
import { createMeter, meterParts } from './rate.ts';
import type { Palette, Screen } from './screen.ts';
import { oneLine, padEnd } from './text.ts';
import type { Clock, View } from './view.ts';

/** A line of progress at most this often: logs are read later, by people who scroll. */
const progressEveryMs = 2000;

const stageWidth = 'toolchain'.length;

interface Running {
  readonly startedAt: number;
  readonly meter: ReturnType<typeof createMeter>;
  spokeAt: number;
  /** Bytes that the last line told of, or fewer if less has come since: what came next begins anew. */
  told: number;
}

/**
 * Writes one line for each thing that happens, each beginning with its stage; a tool's own output
 * follows a bar. For logs, pipes and continuous integration.
 */
export function createPlainView(screen: Screen, palette: Palette, clock: Clock): View {
  const running = new Map<Stage, Running>();

  const say = (stage: Stage, text: string) =>
    screen.write(`${palette.cyan(padEnd(stage, stageWidth))}  ${text}\n`);

  const start = (stage: Stage): Running => {
    const now = clock();
    const fresh = { startedAt: now, spokeAt: now, told: 0, meter: createMeter() };
    running.set(stage, fresh);
    return fresh;
  };

  const progress = (event: Extract<Event, { type: 'progress' }>) => {
    const now = clock();
    const state = running.get(event.stage) ?? start(event.stage);
    state.meter.add(event, now);
    state.told = Math.min(state.told, event.done);
    if (event.done === state.told || now - state.spokeAt < progressEveryMs) return;
    state.spokeAt = now;
    state.told = event.done;
    const meter = state.meter.read(now);
    if (meter !== undefined) say(event.stage, meterParts(meter).join(' · '));
  };

  const end = (stage: Stage, word: string, preposition: string, detail?: string) => {
    const state = running.get(stage);
    running.delete(stage);
    const time = state && ` ${preposition} ${formatDuration(clock() - state.startedAt)}`;
    say(stage, `${word}${time ?? ''}${detail ? `: ${oneLine(detail)}` : ''}`);
  };

  return {
    emit(event) {
      switch (event.type) {
        case 'stage-start':
          start(event.stage);
          return say(event.stage, palette.bold(oneLine(event.title)));
        case 'stage-done':
          return end(event.stage, palette.green('done'), 'in', event.detail);
        case 'stage-skip':
          running.delete(event.stage);
          return say(event.stage, palette.dim(`skipped: ${oneLine(event.reason)}`));
        case 'progress':
          return progress(event);
        case 'log':
          return say(event.stage, `| ${oneLine(event.line)}`);
        case 'warning': {
          const { message, advice } = event.warning;
          say(event.stage, `${palette.yellow('warning:')} ${oneLine(message)}`);
          if (advice !== undefined) say(event.stage, `         ${oneLine(advice)}`);
          return;
        }
      }
    },
    stopping: () => screen.write('Stopping; press Ctrl-C again to stop at once.\n'),
    async end(error) {
      for (const stage of running.keys()) {
        if (error !== undefined) end(stage, palette.red('failed'), 'after');
      }
    },
  };
}
