import { textWidth } from '../base/characters.ts';
import { formatBytes, formatDuration } from '../base/format.ts';
import { type Meter, meterParts } from './rate.ts';
import type { Palette } from './screen.ts';
import { padEnd, truncate } from './text.ts';

/** A stage as far as the terminal shows it. */
export interface StageState {
  readonly title: string;
  /** Milliseconds that it took, or has taken so far. */
  readonly elapsed: number;
  readonly running: boolean;
  readonly meter?: Meter | undefined;
  /** The outcome. */
  readonly detail?: string | undefined;
}

const longestBar = 20;
const shortestBar = 8;
/** A bar that grew and shrank with every digit of the text beside it would tremble. */
const barStep = 4;
const gap = '  ';

/** A stage that has run for less shows no time yet: a counter that starts at once only flickers. */
const quietMs = 1000;

/** Draws `━━━━━━──────────`: shape tells done from not done, so that it reads without colour. */
function bar(meter: Meter, width: number, palette: Palette): string {
  const share = meter.total ? Math.min(1, meter.done / meter.total) : 0;
  const filled = Math.round(share * width);
  return palette.cyan('━'.repeat(filled)) + palette.dim('─'.repeat(width - filled));
}

interface Piece {
  readonly text: string;
  readonly width: number;
}

const piece = (text: string, styled = text): Piece => ({ text: styled, width: textWidth(text) });

const isComplete = ({ done, total }: Meter): boolean => total !== undefined && done >= total;

/** Fills the room after the title with as much as fits. */
function middle(state: StageState, room: number, palette: Palette): Piece {
  const { meter } = state;
  if (!state.running || meter === undefined || isComplete(meter)) {
    const arrived = state.running && meter ? formatBytes(meter.done) : '';
    const text = truncate(state.detail ?? arrived, room);
    return piece(text, palette.dim(text));
  }
  const parts = meterParts(meter);
  while (parts.length > 1 && textWidth(parts.join(' · ')) > room) parts.pop();
  const text = truncate(parts.join(' · '), room);
  const plain = piece(text);
  const barRoom = Math.min(longestBar, room - plain.width - gap.length);
  const barWidth = barRoom - (barRoom % barStep);
  if (meter.total === undefined || barWidth < shortestBar) return plain;
  return {
    text: bar(meter, barWidth, palette) + gap + text,
    width: barWidth + gap.length + plain.width,
  };
}

/**
 * Returns a stage as one line of at most `width` columns: its title, then a bar with sizes and rate
 * while it runs or what came of it after, and its time at the right edge.
 */
export function stageLine(state: StageState, width: number, palette: Palette): string {
  const showTime = !state.running || state.elapsed >= quietMs;
  const time = showTime ? formatDuration(state.elapsed) : '';
  const title = truncate(state.title, width - gap.length - textWidth(time));
  const room = width - textWidth(title) - 2 * gap.length - textWidth(time);
  const { text, width: used } = middle(state, Math.max(0, room), palette);
  const left = used === 0 ? title : title + gap + text;
  const leftWidth = used === 0 ? textWidth(title) : textWidth(title) + gap.length + used;
  const space = padEnd('', Math.max(gap.length, width - leftWidth - textWidth(time)));
  return time === '' ? left : left + space + palette.dim(time);
}
