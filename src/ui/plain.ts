import { textWidth } from '../base/characters.ts';
import type { Event } from '../base/events.ts';
import { formatDuration } from '../base/format.ts';
import { createMeter, meterParts } from './rate.ts';
import type { Palette, Screen } from './screen.ts';
import { oneLine, padEnd } from './text.ts';
import type { Clock, View } from './view.ts';

/** A line of progress at most this often: logs are read later, by people who scroll. */
const progressEveryMs = 2000;

const stageWidth = 'toolchain'.length;

/** The stage of a build: where several builds go on at once, each has stages of its own. */
type Place = Pick<Event, 'stage' | 'build'>;

const keyOf = ({ stage, build = '' }: Place): string => JSON.stringify([build, stage]);

interface Running extends Place {
  readonly startedAt: number;
  readonly meter: ReturnType<typeof createMeter>;
  spokeAt: number;
  /** Bytes that the last line told of, or fewer if less has come since: what came next begins anew. */
  told: number;
}

/**
 * Writes one line for each thing that happens, each beginning with its stage, and before that with its
 * build where there are several (`builds`); a tool's own output follows a bar. For logs, pipes and
 * continuous integration.
 */
export function createPlainView(
  screen: Screen,
  palette: Palette,
  clock: Clock,
  builds: readonly string[] = [],
): View {
  const running = new Map<string, Running>();
  const buildWidth = Math.max(0, ...builds.map((each) => textWidth(oneLine(each))));

  const say = ({ build, stage }: Place, text: string) => {
    const before = build === undefined ? '' : `${padEnd(oneLine(build), buildWidth)}  `;
    screen.write(`${before}${palette.cyan(padEnd(stage, stageWidth))}  ${text}\n`);
  };

  const start = (place: Place): Running => {
    const now = clock();
    const { stage, build } = place;
    const fresh = { stage, build, startedAt: now, spokeAt: now, told: 0, meter: createMeter() };
    running.set(keyOf(place), fresh);
    return fresh;
  };

  const progress = (event: Extract<Event, { type: 'progress' }>) => {
    const now = clock();
    const state = running.get(keyOf(event)) ?? start(event);
    state.meter.add(event, now);
    state.told = Math.min(state.told, event.done);
    if (event.done === state.told || now - state.spokeAt < progressEveryMs) return;
    state.spokeAt = now;
    state.told = event.done;
    const meter = state.meter.read(now);
    if (meter !== undefined) say(event, meterParts(meter).join(' · '));
  };

  const end = (place: Place, word: string, preposition: string, detail?: string) => {
    const state = running.get(keyOf(place));
    running.delete(keyOf(place));
    const time = state && ` ${preposition} ${formatDuration(clock() - state.startedAt)}`;
    say(place, `${word}${time ?? ''}${detail ? `: ${oneLine(detail)}` : ''}`);
  };

  const fail = (places: readonly Place[]) => {
    for (const place of places) end(place, palette.red('failed'), 'after');
  };

  return {
    emit(event) {
      switch (event.type) {
        case 'stage-start':
          start(event);
          return say(event, palette.bold(oneLine(event.title)));
        case 'stage-done':
          return end(event, palette.green('done'), 'in', event.detail);
        case 'stage-skip':
          running.delete(keyOf(event));
          return say(event, palette.dim(`skipped: ${oneLine(event.reason)}`));
        case 'progress':
          return progress(event);
        case 'log':
          return say(event, `| ${oneLine(event.line)}`);
        case 'warning': {
          const { message, advice } = event.warning;
          say(event, `${palette.yellow('warning:')} ${oneLine(message)}`);
          if (advice !== undefined) say(event, `         ${oneLine(advice)}`);
          return;
        }
      }
    },
    stopping: () => screen.write('Stopping; press Ctrl-C again to stop at once.\n'),
    ended(build, error) {
      if (error !== undefined) fail([...running.values()].filter((each) => each.build === build));
    },
    async end(error) {
      if (error !== undefined) fail([...running.values()]);
    },
  };
}
