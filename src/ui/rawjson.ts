import type { Screen } from './screen.ts';
import type { Clock, View } from './view.ts';

/**
 * Every event as one line of JSON: `{"time": "<ISO 8601>", "type": …}` and the event's own fields.
 * A failure is the last line, of type `error`.
 */
export function createRawJsonView(screen: Screen, clock: Clock): View {
  const line = (fields: object) => {
    const time = new Date(clock()).toISOString();
    screen.write(`${JSON.stringify({ time, ...fields })}\n`);
  };
  return {
    emit: line,
    stopping: () => line({ type: 'stopping' }),
    async end(error) {
      if (error === undefined) return;
      const { code, message, hint } = error;
      line({ type: 'error', code, message, hint });
    },
  };
}
