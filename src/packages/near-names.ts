/** Returns the edit distance (Levenshtein), or `limit + 1` as soon as it must exceed `limit`. */
function distance(left: string, right: string, limit: number): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = previous[j - 1]! + Number(left[i - 1] !== right[j - 1]);
      current.push(Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1));
    }
    if (Math.min(...current) > limit) return limit + 1;
    previous = current;
  }
  return previous[right.length]!;
}

/** Returns up to three of `names` that a person who wrote `wanted` may have meant, nearest first. */
function nearNames(wanted: string, names: Iterable<string>): string[] {
  const limit = wanted.length < 5 ? 1 : 2;
  const near: { name: string; score: number }[] = [];
  const add = (name: string, score: number) => {
    // Several indexes may list one name.
    if (near.every((other) => other.name !== name)) near.push({ name, score });
  };
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) <= limit) {
      const score = distance(wanted, name, limit);
      if (score <= limit) add(name, score);
    } else if (wanted.length > 3 && name.startsWith(wanted)) {
      add(name, name.length);
    }
  }
  near.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return near.slice(0, 3).map(({ name }) => name);
}

/** Returns ` Did you mean a or b or c?`, or an empty text. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  const near = nearNames(wanted, names);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}
