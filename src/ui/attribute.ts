import type { Emit, Event, Stage } from '../base/events.ts';

/**
 * Work that is done on the way counts as part of the stage that does it: what is downloaded while
 * inputs are resolved belongs to `lock`, though the store reports it as `fetch`. So progress, log lines
 * and warnings of a stage that is not running go to the one that started last.
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
