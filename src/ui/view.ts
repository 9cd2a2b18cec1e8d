import type { MkbaseError } from '../base/errors.ts';
import type { Emit, Event, Stage } from '../base/events.ts';
import type { Screen } from './screen.ts';

/** One way of showing a build while it runs. */
export interface View {
  emit(event: Event): void;
  /** Says that the build was asked to stop and is cleaning up. */
  stopping(): void;
  /** Says that one of several builds has ended, with the error when it failed. */
  ended(build: string, error?: MkbaseError): void;
  /** Ends the view, with the error when the build failed; resolves once it draws no more. */
  end(error?: MkbaseError): Promise<void>;
}

/** Milliseconds since 1970 by a clock that never goes back. */
export type Clock = () => number;

/** Shows nothing: `--quiet`. */
export const silentView: View = {
  emit() {},
  stopping() {},
  ended() {},
  async end() {},
};

/**
 * Writes every event as one line of JSON: `{"time": "<ISO 8601>", "type": …}` and the event's own
 * fields. A failure is the last line, of type `error`.
 */
export function createRawJsonView(screen: Screen, clock: Clock): View {
  const line = (fields: object) => {
    const time = new Date(clock()).toISOString();
    screen.write(`${JSON.stringify({ time, ...fields })}\n`);
  };
  const fail = ({ code, message, hint }: MkbaseError, build?: string) =>
    line({ type: 'error', code, message, hint, build });
  return {
    emit: line,
    stopping: () => line({ type: 'stopping' }),
    ended(build, error) {
      if (error === undefined) line({ type: 'built', build });
      else fail(error, build);
    },
    async end(error) {
      if (error !== undefined) fail(error);
    },
  };
}

/**
 * Attributes work that is done on the way to the stage that does it: a download while inputs are
 * resolved belongs to `lock`, though the store reports it as `fetch`. So progress, log lines and
 * warnings of a stage that is not running go to the one that started last.
 */
export function attributeToRunning(emit: Emit): Emit {
  const running: Stage[] = [];
  const end = (stage: Stage) => {
    if (running.includes(stage)) running.splice(running.indexOf(stage), 1);
  };
  return (event: Event) => {
    if (event.type === 'stage-start') {
      end(event.stage);
      running.push(event.stage);
    } else if (event.type === 'stage-done' || event.type === 'stage-skip') {
      end(event.stage);
    } else if (!running.includes(event.stage)) {
      emit({ ...event, stage: running.at(-1) ?? event.stage });
      return;
    }
    emit(event);
  };
}
