import { longestMatch, type MatchFinder, matchLength, niceLength } from './match-finder.ts';
import type { SymbolEncoder } from './symbols.ts';

/** The next symbol to encode. One object is used for all, since there are millions. */
interface Choice {
  /** 1 for a literal. */
  length: number;
  /** Index of the repeated distance; -1 for a new one. */
  repeat: number;
  distance: number;
}

interface SymbolChooser {
  /** Chooses a symbol for a place; the window is filled up to `end`. Valid until the next call. */
  choose(at: number, end: number): Choice;
  /** Adjusts to a window whose contents moved down by `by` bytes. */
  moved(by: number): void;
}

/** Returns whether `far` costs more than a match at `near` that is one byte shorter. */
const muchFarther = (near: number, far: number): boolean => (far - 1) >>> 7 > near - 1;

/** Prefers a repeated distance to a somewhat longer match: it costs much less. */
const repeatIsBetter = (repeated: number, length: number, distance: number): boolean =>
  repeated >= 2 &&
  (repeated + 1 >= length ||
    (repeated + 2 >= length && distance > 1 << 9) ||
    (repeated + 3 >= length && distance > 1 << 15));

/** Returns whether a match one byte later is worth a literal before it. */
const laterIsBetter = (
  length: number,
  distance: number,
  laterLength: number,
  laterDistance: number,
): boolean =>
  (laterLength >= length && laterDistance < distance) ||
  (laterLength === length + 1 && !muchFarther(distance, laterDistance)) ||
  laterLength > length + 1 ||
  (laterLength + 1 >= length && length >= 3 && muchFarther(laterDistance, distance));

/**
 * Chooses symbols by rules of thumb and one look at the next byte, as xz does at its presets 0 to 3
 * (liblzma, lzma_encoder_optimum_fast.c). To weigh all ways up would take several times as long and
 * save a tenth.
 */
export function symbolChooser(
  window: Uint8Array,
  finder: MatchFinder,
  { repeats }: SymbolEncoder,
): SymbolChooser {
  const { lengths, distances } = finder;
  const chosen: Choice = { length: 1, repeat: -1, distance: 0 };
  /** The last place that the finder has looked at, and how many matches it has. */
  let seen = -1;
  let found = 0;
  /** The best matches that `lookBack` and `pickMatch` found. */
  let repeat = 0;
  let repeatedLength = 0;
  let length = 0;
  let distance = 0;

  function look(at: number, end: number): void {
    if (seen === at) return;
    found = finder.find(at, end);
    seen = at;
  }

  function lookBack(at: number, limit: number): void {
    repeatedLength = 0;
    for (let which = 0; which < repeats.length; which++) {
      const earlier = at - repeats[which]!;
      if (earlier < 0 || window[earlier] !== window[at]) continue;
      const equal = matchLength(window, at, earlier, limit);
      if (equal < 2 || equal <= repeatedLength) continue;
      repeat = which;
      repeatedLength = equal;
    }
  }

  /** Picks the longest match, unless one that is a byte shorter is much nearer. */
  function pickMatch(): void {
    let index = found - 1;
    while (
      index > 0 &&
      lengths[index] === lengths[index - 1]! + 1 &&
      muchFarther(distances[index - 1]!, distances[index]!)
    ) {
      index--;
    }
    length = index < 0 ? 0 : lengths[index]!;
    distance = index < 0 ? 0 : distances[index]!;
    if (length === 2 && distance > 0x80) length = 0;
  }

  const repeatFollows = (at: number, enough: number): boolean =>
    repeats.some((back) => at >= back && matchLength(window, at, at - back, enough) === enough);

  function take(at: number, end: number, taken: number, which: number): Choice {
    chosen.length = taken;
    chosen.repeat = which;
    chosen.distance = distance;
    finder.skip(seen + 1, at + taken, end);
    return chosen;
  }

  function choose(at: number, end: number): Choice {
    const limit = Math.min(longestMatch, end - at);
    look(at, end);
    lookBack(at, limit);
    if (repeatedLength >= niceLength) return take(at, end, repeatedLength, repeat);
    pickMatch();
    if (length >= niceLength) return take(at, end, length, -1);
    if (repeatIsBetter(repeatedLength, length, distance)) {
      return take(at, end, repeatedLength, repeat);
    }
    if (length < 2 || limit <= 2) return take(at, end, 1, -1);
    look(at + 1, end);
    const later = found - 1;
    const literal =
      (later >= 0 && laterIsBetter(length, distance, lengths[later]!, distances[later]!)) ||
      repeatFollows(at + 1, Math.max(2, length - 1));
    return take(at, end, literal ? 1 : length, -1);
  }

  return {
    choose,
    moved(by) {
      seen -= by;
    },
  };
}
