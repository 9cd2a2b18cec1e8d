// Results of items: a file of JSON lines outside the project that only ever grows.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The file where no other is named. */
export function defaultFile() {
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local/state');
  return join(state, 'mkbase/soak.jsonl');
}

/** Returns the commit of the current folder, and whether anything there is not committed. */
export function currentCommit() {
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' };
}

/** Reads all results; a last line that was cut off is left out. */
export function readResults(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

/** Appends a result; a line that was cut off before it stays a line of its own. */
export function appendResult(file, result) {
  mkdirSync(dirname(file), { recursive: true });
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(file, `${separator}${JSON.stringify(result)}\n`);
}

/**
 * Returns the item's last result at this commit. Results of a tree with changes count only in the run
 * that made them: nobody can tell which changes those were.
 */
export function lastResult(results, { proof, item }, commit) {
  return results.findLast(
    (each) =>
      each.proof === proof && each.item === item && each.commit === commit && each.dirty === false,
  );
}
